"""Versions of what contributors agree to."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from wagtail_crowdbrand.models import TermsVersion

if TYPE_CHECKING:
    from wagtail_crowdbrand.models import CampaignMixin


def contract_of(campaign: CampaignMixin) -> dict[str, Any]:
    """The contract as plain values, in the order of ``CONTRACT_FIELDS``.

    Instants are ISO 8601 in UTC.
    """
    values = {name: getattr(campaign, name) for name in campaign.CONTRACT_FIELDS}
    return {
        name: value.astimezone(UTC).isoformat() if hasattr(value, "tzinfo") else value
        for name, value in values.items()
    }


def digest_of(contract: dict[str, Any]) -> str:
    """SHA-256 over the contract as JSON with sorted keys, in hexadecimal."""
    text = json.dumps(contract, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def current_version(campaign: CampaignMixin, *, at: datetime) -> TermsVersion:
    """The version that holds for ideas sent now; made if the contract changed."""
    contract = contract_of(campaign)
    digest = digest_of(contract)
    while True:
        versions = TermsVersion.objects.filter(campaign_page=campaign.pk)
        newest = versions.order_by("-number").first()
        if newest and newest.digest == digest:
            return newest
        try:
            with transaction.atomic():
                return TermsVersion.objects.create(
                    campaign_page_id=campaign.pk,
                    number=newest.number + 1 if newest else 1,
                    content=contract,
                    digest=digest,
                    created_at=at,
                )
        except IntegrityError:
            continue  # somebody made that number first: look again
