"""The bare views, and sending an idea as a site of its own would write it."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify

from tests.bench.plain.models import PAGE_SIZE, IdeaIndexPage, IdeaPage, Row


def bare(request: HttpRequest) -> HttpResponse:
    rows = Row.objects.order_by("-made_at", "-id")[:PAGE_SIZE]
    return render(request, "plain/bare.html", {"rows": rows})


def bare_json(request: HttpRequest) -> JsonResponse:
    rows = Row.objects.order_by("-made_at", "-id")[:PAGE_SIZE]
    return JsonResponse({"items": list(rows.values())})


class IdeaForm(forms.ModelForm):
    class Meta:
        model = IdeaPage
        fields = ("title", "summary", "credit")


@login_required
def create(request: HttpRequest, pk: int) -> HttpResponse:
    index = get_object_or_404(IdeaIndexPage, pk=pk)
    form = IdeaForm(request.POST or None)
    if not form.is_valid():
        return render(request, "plain/create.html", {"form": form})
    page: Any = form.save(commit=False)
    page.slug = f"{slugify(page.title)}-{secrets.token_hex(4)}"
    page.live = False
    page.owner = request.user
    index.add_child(instance=page)
    page.save_revision(user=request.user)
    page.get_workflow().start(page, request.user)
    return redirect(index.get_url(request))
