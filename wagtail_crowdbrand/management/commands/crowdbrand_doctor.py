"""``manage.py crowdbrand_doctor``: names everything that is not as it must be."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wagtail_crowdbrand.domain import invariants


class Command(BaseCommand):
    help = "Examines counts, pages, reviews, mails and the tree; changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        findings = invariants.findings()
        for finding in findings:
            self.stdout.write(f"{finding.number} × {finding.what} → {finding.remedy}")
        if findings:
            raise CommandError(f"{len(findings)} kinds of trouble.")
        self.stdout.write("All is well.")
