"""A production site as an operator sets it up: settings, a file of banks, and keys made by a verb."""

import json
import subprocess
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from tests.acceptance.programs import command, environment

MASTER_KEY: Final = urlsafe_b64encode(sha256(b"the master key of these tests").digest()).decode()


@dataclass(frozen=True)
class Site:
    """What every process of one production site is started with."""

    settings: dict[str, str]

    def keys(self, *arguments: str) -> Any:
        """What `linkspan keys` prints as JSON."""
        ended = subprocess.run(
            command("keys", *arguments, "--json"),
            env=environment(self.settings),
            capture_output=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)


def make_site(folder: Path, database: str, institutions: str) -> Site:
    """Write down the banks of a site; return what it is started with, keys without limits."""
    (folder / "institutions.toml").write_text(institutions)
    return Site(
        {
            "LINKSPAN_DATABASE": database,
            "LINKSPAN_INSTITUTIONS": str(folder / "institutions.toml"),
            "LINKSPAN_LOG": str(folder / "log"),
            "LINKSPAN_MASTER_KEY": MASTER_KEY,
            "LINKSPAN_MERCHANT_NAME": "Rocket Rides",
            "LINKSPAN_RATE_LIMIT_LIVE": "0",
            "LINKSPAN_RATE_LIMIT_TEST": "0",
        }
    )


def bank_table(brand: Mapping[str, Any], client_id: str, client_secret: str) -> str:
    """A brand of the demonstration bank as an operator writes it down."""
    about = {name: brand[name] for name in ("name", "countries")}
    addresses = ("issuer", "authorization_endpoint", "token_endpoint", "revocation_endpoint", "base_url")
    settings = {name: brand[name] for name in (*addresses, "scope", "version")}
    told = {"client_id": client_id, "client_secret": client_secret}
    return "\n".join(
        [
            "[[institution]]",
            *_lines({"id": f"fcinst_{brand['slug'].replace('-', '_')}", "connector": "fdx", **about}),
            "[institution.settings]",
            *_lines({**settings, **told}),
        ]
    )


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [f"{name} = {json.dumps(value)}" for name, value in table.items()]  # both spell these the same
