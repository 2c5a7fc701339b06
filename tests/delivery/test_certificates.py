"""Whoever shows a certificate that nobody vouches for is told nothing."""

from __future__ import annotations

import datetime
import socket
import ssl
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.delivery.receivers import a_receiver
from tracker.delivery import deadline, wire
from tracker.delivery.failures import TemporaryFailure

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


def a_certificate(folder: Path, address: str) -> Path:
    """One that vouches for itself, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push.test")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + sealed)
    return file


@pytest.mark.parametrize(
    ("address", "vouched_for", "told"),
    [("127.0.0.1", False, False), ("127.0.0.2", True, False), ("127.0.0.1", True, True)],
    ids=["by nobody", "for another", "known"],
)
def test_only_who_proves_the_name_is_told(tmp_path, monkeypatch, address, vouched_for, told):
    certificate = a_certificate(tmp_path, address)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate)
    heard: list[bytes] = []

    def listen(connection: socket.socket) -> None:
        with server.wrap_socket(connection, server_side=True) as sealed:
            said = sealed.recv(4000)
            while not said.endswith(b"\r\n\r\nx"):
                said += sealed.recv(4000)
            heard.append(said)
            sealed.sendall(CREATED)

    if vouched_for:
        monkeypatch.setattr(deadline.certifi, "where", lambda: str(certificate))
    wire._tls_context.cache_clear()
    try:
        with a_receiver(listen) as receiver, deadline.within(5):
            url = f"https://127.0.0.1:{receiver.port}/push"
            if told:
                assert wire.post(url, body=b"x", headers={}).status == 201
            else:
                with pytest.raises(TemporaryFailure, match="SSLCertVerificationError"):
                    wire.post(url, body=b"x", headers={})
    finally:
        wire._tls_context.cache_clear()
    assert bool(heard) is told


def test_nothing_older_than_tls_1_2_is_spoken():
    context = deadline.tls_context()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
