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
from hypothesis.stateful import run_state_machine_as_test
from schemathesis.specs.openapi.checks import positive_data_acceptance

from tests import factories
from wagtail_crowdbrand.api.mount import api
from wagtail_crowdbrand.conf import Config
from wagtail_crowdbrand.domain import access, previewing

pytestmark = [pytest.mark.contract, pytest.mark.django_db]

#: Every check of schemathesis is on, and one is off for these: that whatever fits the
#: schema is taken. Why the schema cannot say what is:
UP_TO_THE_BRIEF = {
    "add_picture": "what is a picture no schema can say",
    "create": "limits, questions and pictures are the brief's (submission_schema)",
    "edit": "the same",
    "give_notice": "editors extend the list of reasons",
    "list_submissions": "filters are the brief's; only our own cursors are believed",
    "mail_resume_link": "a claim and its pictures were made before",
    "upload": "what is a picture no schema can say",
}
#: Examples beside those that cover the schema systematically, for each operation.
EXAMPLES = 20
#: Walks from deed to deed, and deeds in each.
WALKS, STEPS = 10, 8

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
    schema.app = served
    return schema


def served(environ, start_response):
    """The site, by a server that closes what it has sent, as servers do."""
    answer = get_wsgi_application()(environ, start_response)
    try:
        return list(answer)
    finally:
        answer.close()


everything, well_formed = promised(mode="all"), promised(mode="positive")


def check(case, **kwargs) -> None:
    case.call_and_validate(excluded_checks=excluded(case), **kwargs)


def excluded(case) -> list:
    name = case.operation.definition.raw["operationId"]
    return [positive_data_acceptance] if name in UP_TO_THE_BRIEF else []


@everything.parametrize()
@budget
def test_promises_are_kept_to_strangers(case, idea):
    check(case)


@well_formed.parametrize()
@budget
def test_promises_are_kept_to_a_contributor(case, idea):
    known = known_to(idea)
    case.path_parameters = {name: known[name] for name in case.path_parameters}
    check(case, headers=key_of(idea))


def test_promises_are_kept_whatever_comes_after_what(idea, shown):
    """Deeds of a contributor in any order: what one leaves behind, the next one meets.

    The schema has no links; schemathesis finds out what may follow on what.
    """

    class Walk(well_formed.as_state_machine()):
        def setup(self) -> None:
            self.idea = shown(idea.brief)
            self.known = known_to(self.idea)

        def before_call(self, case) -> None:
            case.path_parameters = {
                name: self.known.get(name, value)
                for name, value in case.path_parameters.items()
            }

        def get_call_kwargs(self, case) -> dict:
            return {"headers": key_of(self.idea)}

        def validate_response(self, response, case, *args, **kwargs) -> None:
            seen.add(response.status_code)
            case.validate_response(
                response, headers=key_of(self.idea), excluded_checks=excluded(case)
            )

    seen: set[int] = set()
    walks = hypothesis_settings(budget, max_examples=WALKS, stateful_step_count=STEPS)
    run_state_machine_as_test(Walk, settings=walks)
    assert seen & {200, 201}, "nothing was ever done"


def known_to(idea) -> dict[str, object]:
    """What a contributor can put into an address."""
    return {
        "brief_id": idea.brief_page_id,
        "campaign_id": idea.campaign_page_id,
        "code": idea.code,
        "upload_id": str(idea.uploads.order_by("created_at", "pk").first().pk),
        "token": previewing.keep(idea.brief),
    }


def key_of(idea) -> dict[str, str]:
    idea.refresh_from_db()
    return {"Authorization": f"Bearer {access.token_for(idea, access.EDIT)}"}
