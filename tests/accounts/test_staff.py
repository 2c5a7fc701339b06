"""Who comes in by a link, what a manager may do, and what reaches beyond a clinic."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.accounts.people import LOGIN, a_member, at_the_desk, give_password
from tests.conftest import NOW
from tests.factories import PASSWORD, a_clinic, a_staff
from tracker import access
from tracker.models import AuditEvent, Clinic, Membership, StaffLink, User
from tracker.models.clinic import Role
from tracker.services import staff, staff_links
from tracker.services.staff import AlreadyHere, AskSomebodyElse, AskTheServer, GiveAReason
from tracker.services.staff_links import LinkRefused, SignInFirst

pytestmark = pytest.mark.django_db
WELCOME = "/accounts/welcome/"
NEW = "four words that nobody knows"


def secret_of(invited) -> str:
    return invited.url.partition("#")[2]


def an_invitation(**known):
    given = {"email": "ben@clinic.test", "name": "Ben Ito", "role": Role.NURSE, "now": NOW}
    manager = known.pop("staff", None) or a_staff(role="MANAGER")
    return staff.invite(staff=manager, **{**given, **known})


def come_in(client: Client, invited, password: str = NEW):
    form = {"token": secret_of(invited), "password": password, "again": password}
    return client.post(WELCOME, form)


def test_a_link_makes_an_account_once(clock):
    invited = an_invitation()
    client = Client()
    assert come_in(client, invited).url == "/accounts/2fa/"
    ben = User.objects.get(email="ben@clinic.test")
    assert (str(ben), ben.check_password(NEW)) == ("Ben Ito", True)
    assert access.memberships_of(ben)[0].role == "NURSE"
    assert come_in(Client(), invited).status_code == 422, "once"


def test_looking_at_the_page_uses_nothing_up(clock):
    invited = an_invitation()
    for _ in range(3):
        assert Client().get(WELCOME).status_code == 200
    assert come_in(Client(), invited).status_code == 302


def test_the_database_keeps_no_link():
    invited = an_invitation()
    stored = StaffLink.objects.values().get()
    assert secret_of(invited) not in str(stored)
    assert len(secret_of(invited)) >= 43, "256 bits"


@pytest.mark.parametrize(("hours", "works"), [(23, True), (24, False)])
def test_a_link_lasts_a_day(clock, hours, works):
    invited = an_invitation()
    clock.shift(timedelta(hours=hours))
    assert (come_in(Client(), invited).status_code == 302) is works


@pytest.mark.parametrize(
    "password", ["short", "password12345678", "ben@clinic.test1", "afterblock is fine", "x" * 129]
)
def test_a_weak_password_is_refused_and_the_link_kept(clock, password):
    invited = an_invitation()
    if password == "password12345678":
        password = "qwertyuiopasdfghjkl"[:10]
    assert come_in(Client(), invited, password).status_code == 422
    assert come_in(Client(), invited).status_code == 302


def test_the_name_of_the_clinic_is_no_password(clock):
    member = a_member(clinic=a_clinic(name="Lakeside Spine"))
    client = at_the_desk(member.user)
    new = "lakeside-spine is mine"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert "name of the product" not in client.get("/accounts/password/").content.decode()[:0]
    assert client.post("/accounts/password/", form).status_code == 200


def test_whoever_has_an_account_joins_signed_in_and_keeps_their_password(clock):
    member = a_member()
    invited = an_invitation(email=member.user.email.upper())
    assert come_in(Client(), invited).status_code == 422
    half = Client()
    give_password(half, member.user)
    assert half.post(WELCOME, {"token": secret_of(invited)}).status_code == 422, "no code given"
    other = at_the_desk(a_member().user)
    assert other.post(WELCOME, {"token": secret_of(invited)}).status_code == 422
    clock.shift(30)
    client = at_the_desk(member.user)
    assert client.post(WELCOME, {"token": secret_of(invited)}).status_code == 302
    assert len(access.memberships_of(member.user)) == 2
    member.user.refresh_from_db()
    assert member.user.check_password(PASSWORD)


def test_another_clinics_invitation_takes_no_account_over():
    """While their own clinic sets their sign-in up anew, an invitation would set the password."""
    manager = a_staff(role="MANAGER")
    nurse = a_staff(clinic=manager.clinic)
    staff.reset_second_factor(
        staff=manager, membership_id=nurse.membership.pk, reason="Lost her phone.", now=NOW
    )
    invited = an_invitation(email=nurse.user.email)
    with pytest.raises(LinkRefused):
        staff_links.accept(token=secret_of(invited), password=NEW, signed_in=None, now=NOW)


def test_a_lost_factor_means_setting_up_anew_by_a_link(clock):
    manager = a_staff(role="MANAGER")
    nurse = a_member(clinic=manager.clinic)
    hers = at_the_desk(nurse.user)
    reset = {"staff": manager, "membership_id": nurse.membership.pk, "now": NOW}
    with pytest.raises(GiveAReason):
        staff.reset_second_factor(**reset, reason=" ")
    invited = staff.reset_second_factor(**reset, reason="Phone stolen; I know her voice.")
    assert hers.get("/admin/").url.startswith(LOGIN), "signed out"
    assert give_password(Client(), nurse.user).status_code == 200, "the old password is gone"
    client = Client()
    assert come_in(client, invited).url == "/accounts/2fa/"
    assert client.get("/admin/").url == "/accounts/2fa/"
    assert invited.link.reason == "Phone stolen; I know her voice."
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"staff.reset_second_factor", "staff.invite", "staff.join"} <= actions


def test_a_role_counts_from_the_next_request(clock):
    manager = a_staff(role="MANAGER")
    nurse = a_member(clinic=manager.clinic)
    client = at_the_desk(nurse.user)
    assert client.get("/admin/enrol/").status_code == 200
    staff.change_role(staff=manager, membership_id=nurse.membership.pk, role=Role.READER, now=NOW)
    assert client.get("/admin/enrol/").status_code == 403


def test_whoever_left_is_out_and_is_told_nothing_more(clock):
    manager = a_staff(role="MANAGER")
    nurse = a_member(clinic=manager.clinic, on_call_order=1)
    client = at_the_desk(nurse.user)
    staff.deactivate(staff=manager, membership_id=nurse.membership.pk, now=NOW)
    assert client.get("/admin/").url.startswith(LOGIN)
    nurse.membership.refresh_from_db()
    assert nurse.membership.on_call_order is None
    clock.shift(30)
    assert at_the_desk(nurse.user).get("/admin/").status_code == 403


@pytest.mark.parametrize("why", ["a second link", "a lost factor"])
def test_a_link_from_before_brings_nobody_back_who_was_let_go(why):
    manager = a_staff(role="MANAGER")
    nurse, invited = with_an_open_link(manager, why)
    staff.deactivate(staff=manager, membership_id=nurse.membership.pk, now=NOW)
    with pytest.raises(LinkRefused):
        staff_links.accept(token=secret_of(invited), password=NEW, signed_in=nurse.user, now=NOW)
    assert not access.memberships_of(nurse.user)


@pytest.mark.parametrize("why", ["a second link", "a lost factor"])
def test_a_link_from_before_brings_no_role_back(why):
    manager = a_staff(role="MANAGER")
    nurse, invited = with_an_open_link(manager, why)
    staff.change_role(staff=manager, membership_id=nurse.membership.pk, role=Role.READER, now=NOW)
    joined = staff_links.accept(
        token=secret_of(invited), password=NEW, signed_in=nurse.user, now=NOW
    )
    assert joined.membership.role == "READER"


def with_an_open_link(manager, why: str):
    """A colleague, and a link to this clinic that nobody has used yet."""
    if why == "a second link":
        invited, used = (an_invitation(staff=manager) for _ in range(2))
        user = staff_links.accept(token=secret_of(used), password=NEW, signed_in=None, now=NOW).user
        return access.staff_for(user), invited
    nurse = a_staff(clinic=manager.clinic)
    reset = {"membership_id": nurse.membership.pk, "reason": "Lost.", "now": NOW}
    return nurse, staff.reset_second_factor(staff=manager, **reset)


def everything(manager, membership_id: int):
    known = {"staff": manager, "membership_id": membership_id, "now": NOW}
    yield lambda: staff.change_role(**known, role=Role.READER)
    yield lambda: staff.deactivate(**known)
    yield lambda: staff.reset_second_factor(**known, reason="Because.")


def test_nobody_does_it_to_themselves_so_a_manager_remains():
    manager = a_staff(role="MANAGER")
    for each in everything(manager, manager.membership.pk):
        with pytest.raises(AskSomebodyElse):
            each()


def test_a_manager_who_was_demoted_meanwhile_does_nothing():
    manager = a_staff(role="MANAGER")
    nurse = a_staff(clinic=manager.clinic)
    Membership.objects.filter(pk=manager.membership.pk).update(role="NURSE")
    for each in [*everything(manager, nurse.membership.pk), lambda: an_invitation(staff=manager)]:
        with pytest.raises(access.NotAllowed):
            each()


def test_staff_of_another_clinic_are_as_absent():
    stranger = a_staff()
    for each in everything(a_staff(role="MANAGER"), stranger.membership.pk):
        with pytest.raises(Membership.DoesNotExist):
            each()


def test_what_reaches_beyond_a_clinic_is_done_on_the_server():
    manager = a_staff(role="MANAGER")
    clinic = manager.clinic
    operator, both = a_staff(clinic=clinic, role="OPERATOR"), a_staff(clinic=clinic)
    Membership.objects.create(clinic=a_clinic(), user=both.user, role="NURSE")
    known = {"staff": manager, "now": NOW}
    for member in (operator, both):
        with pytest.raises(AskTheServer):
            staff.reset_second_factor(**known, membership_id=member.membership.pk, reason="Lost.")
    with pytest.raises(AskTheServer):
        staff.change_role(**known, membership_id=operator.membership.pk, role=Role.MANAGER)
    with pytest.raises(AskTheServer):
        staff.change_role(**known, membership_id=both.membership.pk, role=Role.OPERATOR)
    with pytest.raises(AskTheServer):
        an_invitation(staff=manager, role=Role.OPERATOR)
    with pytest.raises(AlreadyHere):
        an_invitation(staff=manager, email=both.user.email)


@pytest.mark.parametrize("role", ["READER", "NURSE", "CLINICIAN", "OPERATOR"])
@pytest.mark.parametrize("path", ["", "invite/", "{pk}/role/", "{pk}/deactivate/", "{pk}/reset/"])
def test_only_a_manager_manages(clock, role, path):
    member = a_member(role=role)
    colleague = a_staff(clinic=member.clinic)
    client = at_the_desk(member.user)
    address = f"/admin/staff/{path.format(pk=colleague.membership.pk)}"
    answer = (
        client.post(address, {"role": "MANAGER", "reason": "x"}) if path else client.get(address)
    )
    assert answer.status_code == 403
    colleague.membership.refresh_from_db()
    assert (colleague.membership.role, colleague.membership.ended_at) == ("NURSE", None)


def test_a_manager_works_the_page(clock):
    manager = a_member(role="MANAGER")
    nurse = a_staff(clinic=manager.clinic, name="Ben Ito")
    client = at_the_desk(manager.user)
    assert "Ben Ito" in client.get("/admin/staff/").content.decode()
    at = f"/admin/staff/{nurse.membership.pk}"
    assert client.post(f"{at}/role/", {"role": "OPERATOR"}).status_code == 403
    assert client.post(f"{at}/role/", {"role": "CLINICIAN"}).status_code == 302
    nurse.membership.refresh_from_db()
    assert nurse.membership.role == "CLINICIAN"
    assert "#" in client.post(f"{at}/reset/", {"reason": "Lost."}).content.decode()
    client.post(f"{at}/deactivate/")
    assert "left on" in client.get("/admin/staff/").content.decode()


def test_the_first_manager_comes_in_by_a_link_from_the_server(clock, capsys):
    known = ["first_manager", "--email", "m@clinic.test", "--clinic", "Lake"]
    with pytest.raises(CommandError, match="--phone"):
        call_command(*known)
    call_command(*known, "--phone", "+15555550100")
    url = capsys.readouterr().out.split()[-1]
    form = {"token": url.partition("#")[2], "password": NEW, "again": NEW}
    assert Client().post(WELCOME, form).status_code == 302
    membership = Membership.objects.get(clinic=Clinic.objects.get(name="Lake"))
    assert membership.role == "MANAGER"
    call_command("first_manager", "--email", "o@clinic.test", "--operator")
    assert StaffLink.objects.order_by("-created_at", "-id").filter(role="OPERATOR").exists()
    call_command("first_manager", "--email", "m@clinic.test", "--recover", "Lost her key.")
    membership.user.refresh_from_db()
    assert not membership.user.has_usable_password()


def test_an_account_that_exists_is_asked_to_sign_in():
    member = a_staff()
    invited = an_invitation(email=member.user.email)
    with pytest.raises(SignInFirst):
        staff_links.accept(token=secret_of(invited), password=NEW, signed_in=None, now=NOW)
