"""schemathesis asks the running API whether it keeps what its schema promises.

The requests are the same on every run. Strangers know no id and no key; the contributor
knows those of an idea that is on show, so that requests reach what lies behind.
"""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests import factories
from wagtail_crowdbrand.api.mount import api
from wagtail_crowdbrand.conf import Config
from wagtail_crowdbrand.domain import access

pytestmark = [pytest.mark.contract, pytest.mark.django_db]

#: What these take depends on the brief, on its ``submission_schema``, its filters and
#: on what was sent before; a picture has no schema at all.
UP_TO_THE_BRIEF = {
    "add_picture",
    "create",
    "edit",
    "give_notice",
    "list_submissions",
    "mail_resume_link",
    "upload",
}
#: Examples beside those that cover the schema systematically, for each operation.
EXAMPLES = 15

budget = hypothesis_settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    # One site for all requests to an operation, as in life.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def idea(shown):
    """One on show, one in review, in a campaign that is open."""
    brief = factories.make_brief(max_images=1)
    factories.make_waiting(brief)
    return shown(brief)


@pytest.fixture(autouse=True)
def one_connection():
    """A request leaves the connection of the test open, as with Django's client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def no_limits(settings):
    """Nobody is told to come back later."""
    limits = dict.fromkeys(Config().rate_limits, "")
    settings.WAGTAIL_CROWDBRAND = settings.WAGTAIL_CROWDBRAND | {"RATE_LIMITS": limits}


def promised(*, mode: str):
    """The schema; ``mode`` says whether requests are well-formed, or all there are."""
    given = {"generation": {"mode": mode}, "seed": 1}
    config = schemathesis.Config.from_dict(given)
    schema = schemathesis.openapi.from_dict(api.get_openapi_schema(), config=config)
    schema.app = get_wsgi_application()
    return schema


everything, well_formed = promised(mode="all"), promised(mode="positive")


def check(case, **kwargs) -> None:
    """All checks; but where a brief says what is valid, the schema cannot."""
    name = case.operation.definition.raw["operationId"]
    excluded = [positive_data_acceptance] if name in UP_TO_THE_BRIEF else []
    case.call_and_validate(excluded_checks=excluded, **kwargs)


@everything.parametrize()
@budget
def test_promises_are_kept_to_strangers(case, idea):
    check(case)


@well_formed.parametrize()
@budget
def test_promises_are_kept_to_a_contributor(case, idea):
    known = {
        "brief_id": idea.brief_page_id,
        "campaign_id": idea.campaign_page_id,
        "code": idea.code,
    }
    case.path_parameters = {name: known[name] for name in case.path_parameters}
    idea.refresh_from_db()
    token = access.token_for(idea, access.EDIT)
    check(case, headers={"Authorization": f"Bearer {token}"})
