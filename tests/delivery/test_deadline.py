"""Whatever a receiver does, a sender is free again after a third of its lease."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.mail import EmailMessage

from tests.delivery.receivers import a_receiver, answer, drip, hang_up, say_nothing
from tracker.delivery import deadline, wire
from tracker.delivery.failures import TemporaryFailure

DEADLINE = 0.6
CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


def post(receiver, within=DEADLINE):
    with deadline.within(within):
        return wire.post(f"{receiver.origin}/push", body=b"x" * 400, headers={"Topic": "t"})


@pytest.mark.parametrize(
    "behave",
    [
        drip(b"HTTP/1.1 201 Created and so on and on and on"),
        drip(b"H"),
        answer(b"HTTP/1.1 100 Continue\r\n\r\n" * 3, then=drip(b"HTTP/1.1 100 \r\n\r\n")),
        say_nothing,
        hang_up,
    ],
    ids=["drips its answer", "drips for ever", "drips more heads", "is silent", "hangs up"],
)
def test_a_receiver_that_does_not_answer_in_time_fails_for_now(behave):
    started = time.monotonic()
    with a_receiver(behave) as receiver, pytest.raises(TemporaryFailure):
        post(receiver)
    assert time.monotonic() - started < DEADLINE + 1


def test_nobody_listens():
    with a_receiver(hang_up) as receiver:
        receiver.close()
        with pytest.raises(TemporaryFailure):
            post(receiver)


def test_a_status_counts_even_when_the_body_never_ends():
    head = b"HTTP/1.1 201 Created\r\nContent-Length: 4000\r\n\r\n"
    with a_receiver(answer(head, then=drip(b"x"))) as receiver:
        started = time.monotonic()
        assert post(receiver).status == 201
        assert time.monotonic() - started < DEADLINE + 1


def test_a_long_body_is_not_read_to_its_end():
    head = b"HTTP/1.1 201 Created\r\nContent-Length: 99999999\r\n\r\n" + b"x" * 50_000
    with a_receiver(answer(head)) as receiver:
        assert len(post(receiver).body) <= wire.LARGEST


def test_a_redirect_is_an_answer_and_is_not_followed():
    with a_receiver(answer(CREATED)) as inner:
        moved = f"HTTP/1.1 307 Go\r\nLocation: {inner.origin}/\r\nContent-Length: 0\r\n\r\n"
        with a_receiver(answer(moved.encode())) as receiver:
            assert post(receiver).status == 307
        assert inner.connections == 0


def test_one_connection_serves_many_messages():
    with a_receiver(answer(CREATED)) as receiver:
        for _ in range(5):
            assert post(receiver, within=5).status == 201
        assert receiver.connections == 1


@pytest.mark.parametrize(
    "head", [CREATED, CREATED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")]
)
def test_a_connection_that_the_receiver_ended_is_not_used_again(head):
    with a_receiver(answer(head, again=False)) as receiver:
        for count in (1, 2, 3):
            assert post(receiver, within=5).status == 201
            assert receiver.connections == count
            time.sleep(0.05)  # its end is on the way


@pytest.mark.parametrize(
    ("told", "seconds"), [("7", 7), ("", 0), ("Wed, 21 Oct 2026 07:28:00 GMT", 0), ("-1", 0)]
)
def test_how_long_a_receiver_asks_us_to_wait(told, seconds):
    head = f"HTTP/1.1 429 Slow\r\nRetry-After: {told}\r\nContent-Length: 0\r\n\r\n"
    with a_receiver(answer(head.encode())) as receiver:
        assert post(receiver, within=5).retry_after == seconds


@pytest.mark.parametrize("behave", [drip(b"220 mail and so on"), say_nothing], ids=["drip", "mute"])
def test_a_mail_server_has_no_more_time(behave, settings):
    settings.EMAIL_BACKEND = "tracker.delivery.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    with a_receiver(behave) as receiver:
        settings.EMAIL_PORT = receiver.port
        started = time.monotonic()
        with deadline.within(DEADLINE), pytest.raises(OSError):
            EmailMessage("s", "b", to=["x@clinic.test"]).send()
    assert time.monotonic() - started < DEADLINE + 1


def test_a_slow_farewell_of_a_mail_server_is_not_a_failure(settings):
    settings.EMAIL_BACKEND = "tracker.delivery.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    taken = threading.Event()

    def take_and_never_part(connection):
        connection.sendall(b"220 hi\r\n")
        lines = connection.makefile("rb")
        for line in lines:
            if line == b".\r\n":
                taken.set()
            elif line.startswith(b"quit") or (taken.is_set() and line.lower().startswith(b"quit")):
                time.sleep(30)
            if line == b".\r\n" or line[:4].lower() in (b"ehlo", b"mail", b"rcpt"):
                connection.sendall(b"250 ok\r\n")
            elif line[:4].lower() == b"data":
                connection.sendall(b"354 go on\r\n")

    with a_receiver(take_and_never_part) as receiver:
        settings.EMAIL_PORT = receiver.port
        with deadline.within(DEADLINE):
            assert EmailMessage("s", "b", to=["x@clinic.test"]).send() == 1
    assert taken.is_set()
