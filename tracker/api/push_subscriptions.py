"""Push subscriptions of a phone, test messages, and receipts of what arrived."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from tracker import access, clock
from tracker.api.fields import StrictSerializer, Text
from tracker.api.principals import PhoneAuthentication, PhoneScheme, PhoneView
from tracker.api.schemas import PROBLEM
from tracker.api.shapes import PUSH_KEY, SUBSCRIBED, TEST_MESSAGE
from tracker.delivery.addresses import AddressRefused
from tracker.problems import one_problem, problem
from tracker.services import deliveries, push_subscriptions
from tracker.services.push_subscriptions import SubscriptionRefused


class KeysRequest(StrictSerializer):
    p256dh = Text(max_length=100)
    auth = Text(max_length=40)


class SubscribeRequest(StrictSerializer):
    endpoint = Text(max_length=1024)
    keys = KeysRequest()
    expirationTime = serializers.IntegerField(required=False, allow_null=True)  # noqa: N815


class EndpointRequest(StrictSerializer):
    endpoint = Text(max_length=1024)


class ReceiptRequest(StrictSerializer):
    receipt = serializers.UUIDField()


class PushSubscriptionView(PhoneView):
    @extend_schema(responses={200: PUSH_KEY}, summary="The key that a browser needs to subscribe")
    def get(self, request: Request) -> HttpResponse:
        return JsonResponse({"application_server_key": settings.VAPID_PUBLIC_KEY})

    @extend_schema(
        request=SubscribeRequest, responses={201: SUBSCRIBED}, summary="Receive messages"
    )
    def post(self, request: Request) -> HttpResponse:
        body = SubscribeRequest(data=request.data)
        body.is_valid(raise_exception=True)
        endpoint, keys = body.validated_data["endpoint"], body.validated_data["keys"]
        try:
            subscription = push_subscriptions.subscribe(
                phone=request.user, endpoint=endpoint, **keys, now=clock.now()
            )
        except AddressRefused as error:
            return one_problem("/endpoint", "refused", str(error))
        except SubscriptionRefused as error:
            return one_problem(f"/keys/{error.field}", "refused", str(error))
        return JsonResponse({"id": str(subscription.pk)}, status=201)

    @extend_schema(
        request=EndpointRequest, responses={204: None, 404: PROBLEM}, summary="Stop messages"
    )
    def delete(self, request: Request) -> HttpResponse:
        body = EndpointRequest(data=request.data)
        body.is_valid(raise_exception=True)
        endpoint = body.validated_data["endpoint"]
        if not push_subscriptions.unsubscribe(
            phone=request.user, endpoint=endpoint, now=clock.now()
        ):
            return problem(404, "There is nothing here.")
        return HttpResponse(status=204)


class TestMessageView(PhoneView):
    @extend_schema(
        request=None, responses={202: TEST_MESSAGE, 409: PROBLEM}, summary="Send a test message"
    )
    def post(self, request: Request) -> HttpResponse:
        live = access.of_patient(request.user, request.user.patient.push_subscriptions.all())
        phone = live.filter(device_session=request.user.session, ended_at__isnull=True).first()
        if phone is None:
            return problem(409, "This phone has not asked for messages yet.")
        delivery = deliveries.owe_test(subscription=phone, now=clock.now())
        return JsonResponse({"receipt": str(delivery.receipt_id)}, status=202)


class WorkerAuthentication(PhoneAuthentication):
    """A service worker has no page to take a token from; the receipt's id is a secret itself."""

    def enforce_csrf(self, request: Request) -> None:
        return None


class WorkerScheme(PhoneScheme):
    target_class = WorkerAuthentication
    name = "phone_without_token"


class ReceiptView(PhoneView):
    authentication_classes: list[type[BaseAuthentication]] = [WorkerAuthentication]

    @extend_schema(
        request=ReceiptRequest, responses={204: None, 404: PROBLEM}, summary="A message arrived"
    )
    def post(self, request: Request) -> HttpResponse:
        body = ReceiptRequest(data=request.data)
        body.is_valid(raise_exception=True)
        if not deliveries.confirm_receipt(
            receipt_id=body.validated_data["receipt"],
            patient=request.user.patient,
            now=clock.now(),
        ):
            return problem(404, "There is nothing here.")
        return HttpResponse(status=204)
