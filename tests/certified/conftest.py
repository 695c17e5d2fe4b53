"""One bank with a certified authorization server, in a process of its own."""

import ipaddress
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.acceptance.programs import END_SECONDS
from tests.certified.profiles import CERTIFICATE, PROFILES, registered, signing_keys
from tests.certified.stage import CertifiedBank
from tools.official_clients import PROGRAMS, home_of


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def bank() -> Iterator[CertifiedBank]:
    """The bank, with a client for each profile."""
    certificate, key = _certificate_of_the_machine()
    settings = {
        "certificate": certificate.decode(),
        "key": key.decode(),
        "client_certificate": CERTIFICATE,
        "clients": [registered(name) for name in PROFILES],
        "keys": signing_keys(),
    }
    packages = home_of("npm-oidc-provider") / "node_modules"
    program = Path(__file__).with_name("bank.mjs")
    with subprocess.Popen(
        [str(PROGRAMS / "node"), str(program), str(packages), json.dumps(settings)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate(timeout=END_SECONDS)[1]
        yield CertifiedBank(json.loads(line)["issuer"], certificate)
        process.terminate()
        process.communicate(timeout=END_SECONDS)


def _certificate_of_the_machine() -> tuple[bytes, bytes]:
    """A certificate for 127.0.0.1 that is its own root, beside its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(encoding), secret
