"""Who gets through which door of the desk and the API: said here once more, and not asked there."""

from __future__ import annotations

import pytest

from tests.security.addresses import every_address
from tracker.models.clinic import Role
from tracker.policy import DESK, Action, may

DESK_FOR = {  # reader, nurse, clinician, manager, operator
    "rncmo": "login logout password_change password_change_done jsi18n",
    "rncm": "index queue queue-settings alert patients patient protocols protocol cards"
    " reports report-file",
    "ncm": "acknowledge attempt resolve hand-over alert-note reopen acknowledge-several"
    " resolve-several callback-take callback-tried callback-done task-done enrol invite phone-end"
    " patient-change note check-in-enter message-send procedure-add procedure-change"
    " procedure-done procedure-stop procedure-resume protocol-new",
    "cm": "patient-export",
    "c": "procedure-protocol protocol-review protocol-approve card-approve card-withdraw",
    "m": "patient-erase staff staff-invite staff-role staff-deactivate staff-reset clinic cover"
    " access-report",
    "o": "break-glass",
}
API_FOR = {
    "rncm": "GET:alerts/ GET:callback-requests/ GET:message-templates/",
    "ncm": "POST:alerts/<uuid:alert_id>/acknowledge/ POST:alerts/<uuid:alert_id>/attempt/"
    " POST:alerts/<uuid:alert_id>/resolve/ POST:callback-requests/<uuid:request_id>/take/"
    " POST:callback-requests/<uuid:request_id>/tried/"
    " POST:callback-requests/<uuid:request_id>/done/ POST:patients/<uuid:patient_id>/messages/"
    " POST:patients/<uuid:patient_id>/caregivers/ POST:caregivers/<uuid:caregiver_id>/revoke/",
}


def by_door(table: dict[str, str]) -> dict[str, str]:
    return {door: who for who, doors in table.items() for door in doors.split()}


def calls() -> dict[str, Action]:
    return {
        f"{method}:{each.route.removeprefix('api/v1/')}": action
        for each in every_address()
        for method, action in each.actions.items()
    }


def let_in(action: Action) -> str:
    return "".join(role.value[0].lower() for role in Role if may(role, action))


@pytest.mark.parametrize("name", DESK)
def test_a_page_of_the_desk_lets_in_whom_it_should(name):
    assert let_in(DESK[name]) == by_door(DESK_FOR)[name]


@pytest.mark.parametrize("call", calls())
def test_a_call_of_staff_lets_in_whom_it_should(call):
    assert let_in(calls()[call]) == by_door(API_FOR)[call]
