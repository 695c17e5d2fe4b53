"""The keys in which FDX 5 wraps each account or transaction."""

from collections.abc import Mapping
from typing import Final

CATEGORY_OF_ACCOUNT_KEY: Final[Mapping[str, str]] = {
    "annuityAccount": "ANNUITY_ACCOUNT",
    "commercialAccount": "COMMERCIAL_ACCOUNT",
    "depositAccount": "DEPOSIT_ACCOUNT",
    "digitalWallet": "DIGITAL_WALLET",
    "insuranceAccount": "INSURANCE_ACCOUNT",
    "investmentAccount": "INVESTMENT_ACCOUNT",
    "loanAccount": "LOAN_ACCOUNT",
    "locAccount": "LOC_ACCOUNT",
}
CATEGORY_OF_TRANSACTION_KEY: Final[Mapping[str, str]] = {
    "annuityTransaction": "ANNUITY_ACCOUNT",
    "commercialTransaction": "COMMERCIAL_ACCOUNT",
    "depositTransaction": "DEPOSIT_ACCOUNT",
    "digitalWalletTransaction": "DIGITAL_WALLET",
    "insuranceTransaction": "INSURANCE_ACCOUNT",
    "investmentTransaction": "INVESTMENT_ACCOUNT",
    "loanTransaction": "LOAN_ACCOUNT",
    "locTransaction": "LOC_ACCOUNT",
}
