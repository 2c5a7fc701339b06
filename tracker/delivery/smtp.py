"""Django's SMTP, under the one deadline of a send."""

from __future__ import annotations

import smtplib
import socket
from ssl import SSLContext
from typing import Any

from django.core.mail.backends import smtp
from django.utils.functional import cached_property

from tracker.delivery import deadline


class _Smtp(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return deadline.connect((host, port))


class _SmtpOverTls(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self.context.wrap_socket(deadline.connect((host, port)), server_hostname=host)


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SmtpOverTls if self.use_ssl else _Smtp

    @cached_property
    def ssl_context(self) -> SSLContext:
        return deadline.tls_context(self.ssl_certfile, self.ssl_keyfile)

    def _close_connection(self, connection: Any) -> None:
        """Hang up. The message was taken or refused before: a slow farewell changes nothing."""
        try:
            connection.quit()
        except (OSError, smtplib.SMTPException):
            connection.close()
