"""Who calls: a patient's phone or a member of staff. A view names one, or nobody gets in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from tracker import clock, phone_cookie, phone_policy
from tracker.access import Phone, Staff
from tracker.accounts import desk_session
from tracker.policy import Action
from tracker.services import audit, looking


class PhoneAuthentication(SessionAuthentication):
    """The cookie that signing in set; writing also needs the CSRF token."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        phone = phone_cookie.phone_of(request._request)
        if phone is None:
            return None
        self.enforce_csrf(request)
        return phone, None

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class StaffAuthentication(SessionAuthentication):
    """The desk's session, at one clinic."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        staff = desk_session.staff_of(request._request)
        if staff is None:
            return None
        self.enforce_csrf(request)
        return staff, None

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class IsPhone(BasePermission):
    """The patient's own, or a caregiver's where the table lets them."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        who = request.user
        return isinstance(who, Phone) and phone_policy.allows(request._request, who.caregiver)


class IsStaff(BasePermission):
    """The view names the action of each method; one that it does not name is refused."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        method = "GET" if request.method == "HEAD" else request.method
        needed = getattr(view, "actions", {}).get(method)
        return isinstance(request.user, Staff) and request.user.may(needed)


class RecordedView(APIView):
    """What is refused to somebody known is recorded, and what staff open, if no service does."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with audit.listening() as heard:
            response = super().dispatch(request, *args, **kwargs)
        who = getattr(self.request, "_user", None)
        known = {"place": f"api-{type(self).__name__.lower()}", "ids": kwargs, "now": clock.now()}
        if response.status_code in looking.REFUSALS and isinstance(who, Staff | Phone):
            looking.refused(who=who, **known)
        elif response.status_code < 400 and not heard and self.shows_patients(who):
            looking.opened(who=who, **known)
        return response

    def shows_patients(self, who: object) -> bool:
        """Whether an answer to whoever asks must have been recorded."""
        return False


class PhoneView(RecordedView):
    authentication_classes = [PhoneAuthentication, StaffAuthentication]
    permission_classes = [IsPhone]


class StaffView(RecordedView):
    """Whoever derives from this says `actions = {"GET": Action.…}`."""

    actions: ClassVar[dict[str, Action]] = {}
    polled: ClassVar[bool] = False
    """A list that records itself, when others stand in it than before."""
    authentication_classes = [StaffAuthentication, PhoneAuthentication]
    permission_classes = [IsStaff]

    def shows_patients(self, who: object) -> bool:
        return isinstance(who, Staff) and not self.polled


class PhoneScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = PhoneAuthentication
    name = "phone"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.PHONE_COOKIE}


class StaffScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = StaffAuthentication
    name = "desk"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
