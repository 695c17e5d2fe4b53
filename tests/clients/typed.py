"""Lets the TypeScript types of an official package judge what its program decoded."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tools.official_clients import PROGRAMS, home_of

COMPILER: Final = "npm-typescript"
TYPES: Final = {
    "account": "Stripe.FinancialConnections.Account",
    "customer": "Stripe.Customer",
    "owners": "Stripe.ApiList<Stripe.FinancialConnections.AccountOwner>",
    # Until 2025-03-31.basil one had the id of an invoice, of which there are none here.
    "payment_intent": "Omit<Stripe.PaymentIntent, 'invoice'>",
    "payment_method": "Stripe.PaymentMethod",
    "session": "Stripe.FinancialConnections.Session",
    "setup_intent": "Stripe.SetupIntent",
    "token": "Stripe.Token",
    "transactions": "Stripe.ApiList<Stripe.FinancialConnections.Transaction>",
}
_OPTIONS: Final = {
    "module": "nodenext",
    "moduleResolution": "nodenext",
    "noEmit": True,
    "skipLibCheck": True,
    "strict": True,
    "target": "es2022",
    "types": [],
}


def complaints(package: str, shown: Mapping[str, Any], folder: Path) -> list[str]:
    """Return what the compiler says of objects written down as literals of their types.

    A literal may have no field that its type does not know, must have those it
    requires, and may say only the words that are listed.
    """
    (folder / "node_modules").symlink_to(home_of(package) / "node_modules")
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": _OPTIONS, "files": ["seen.ts"]}))
    literals = [f"export const {name}: {TYPES[name]} = {json.dumps(found)};" for name, found in shown.items()]
    (folder / "seen.ts").write_text("\n".join(['import type Stripe from "stripe";', *literals]))
    compiler = home_of(COMPILER) / "node_modules" / "typescript" / "bin" / "tsc"
    command = [str(PROGRAMS / "node"), str(compiler), "--project", str(folder), "--pretty", "false"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode == 0) == (told.stdout == ""), told.stderr
    return told.stdout.splitlines()
