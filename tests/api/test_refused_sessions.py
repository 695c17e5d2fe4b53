"""A Session that cannot be is refused in Stripe's words, by the name of the parameter."""

from collections.abc import Mapping

import pytest

from tests.api.conftest import (
    Server,
    assert_error,
    spelled,
    wanted_session,
)

SESSIONS = "/v1/financial_connections/sessions"


REFUSED_SESSIONS: dict[str, tuple[Mapping[str, str | None], dict[str, str]]] = {
    "an unknown parameter": (
        {"color": "red"},
        {
            "code": "parameter_unknown",
            "param": "color",
            "message": "Received unknown parameter: color",
        },
    ),
    "an unknown parameter within another": (
        {"filters__color": "red"},
        {"code": "parameter_unknown", "param": "filters[color]"},
    ),
    "a parameter of older versions": (
        {"filters__countries__0": "US"},
        {"code": "parameter_unknown", "param": "filters[countries]"},
    ),
    "no holder": (
        {"account_holder__type": None, "account_holder__customer": None},
        {
            "code": "parameter_missing",
            "param": "account_holder",
            "message": "Missing required param: account_holder.",
        },
    ),
    "no type of holder": (
        {"account_holder__type": None},
        {"code": "parameter_missing", "param": "account_holder[type]"},
    ),
    "no customer": (
        {"account_holder__customer": None},
        {"code": "parameter_missing", "param": "account_holder[customer]"},
    ),
    "an empty customer": (
        {"account_holder__customer": ""},
        {"code": "parameter_missing", "param": "account_holder[customer]"},
    ),
    "no account where one is the holder": (
        {"account_holder__type": "account", "account_holder__customer": None},
        {"code": "parameter_missing", "param": "account_holder[account]"},
    ),
    "two holders": (
        {"account_holder__account": "acct_1"},
        {"param": "account_holder[account]"},
    ),
    "no permissions": (
        {"permissions__0": None, "permissions__1": None},
        {"code": "parameter_missing", "param": "permissions"},
    ),
    "empty permissions": (
        {"permissions__0": None, "permissions__1": None, "permissions": ""},
        {
            "code": "parameter_invalid_empty",
            "param": "permissions",
            "message": "You passed an empty string for 'permissions'.",
        },
    ),
    "an empty permission": (
        {"permissions__1": ""},
        {"code": "parameter_invalid_empty", "param": "permissions[1]"},
    ),
    "a wrong permission": (
        {"permissions__1": "secrets"},
        {
            "param": "permissions[1]",
            "message": "Invalid permissions[1]: must be one of balances, ownership, payment_method, or "
            "transactions",
        },
    ),
    "a wrong type of holder": (
        {"account_holder__type": "friend"},
        {
            "param": "account_holder[type]",
            "message": "Invalid account_holder[type]: must be one of account or customer",
        },
    ),
    "an empty type of holder": (
        {"account_holder__type": ""},
        {"code": "parameter_invalid_empty", "param": "account_holder[type]"},
    ),
    "a wrong subcategory": (
        {"filters__account_subcategories__0": "other"},
        {"param": "filters[account_subcategories][0]"},
    ),
    "a wrong support of payments": (
        {"filters__require_payment_method_support": "some"},
        {"param": "filters[require_payment_method_support]"},
    ),
    "a wrong way of manual entry": ({"manual_entry__mode": "custom"}, {"param": "manual_entry[mode]"}),
    "a limit that is no number": (
        {"limits__accounts": "many"},
        {
            "code": "parameter_invalid_integer",
            "param": "limits[accounts]",
            "message": "Invalid integer: many",
        },
    ),
    "a limit of nothing": (
        {"limits__accounts": "0"},
        {"code": "parameter_invalid_integer", "param": "limits[accounts]"},
    ),
    "a limit below nothing": (
        {"limits__accounts": "-1"},
        {"code": "parameter_invalid_integer", "param": "limits[accounts]"},
    ),
    "a limit with a fraction": (
        {"limits__accounts": "1.0"},
        {"code": "parameter_invalid_integer", "param": "limits[accounts]"},
    ),
    "a limit in other digits": (
        {"limits__accounts": "\u0663"},
        {"code": "parameter_invalid_integer", "param": "limits[accounts]"},
    ),
    "a limit of a thousand digits": (
        {"limits__accounts": "9" * 1000},
        {"code": "parameter_invalid_integer", "param": "limits[accounts]"},
    ),
    "prefetching what is not permitted": ({"prefetch__0": "transactions"}, {"param": "prefetch[0]"}),
    "an address that is too long": (
        {"return_url": "https://a.example/" + "a" * 5_000},
        {"code": "parameter_invalid_string_too_long", "param": "return_url"},
    ),
    "a text where there should be fields": ({"filters": "US"}, {"param": "filters"}),
    "a list where there should be a text": ({"return_url__0": "https://a.example"}, {"param": "return_url"}),
    "a list where there should be one country": (
        {"filters__country__0": "US"},
        {"param": "filters[country]"},
    ),
    "fields where there should be a list": (
        {"prefetch__first": "balances"},
        {"param": "prefetch", "message": "Invalid array"},
    ),
    "a text where there should be a list": ({"prefetch": "balances"}, {"param": "prefetch"}),
    "a list where there should be a number": (
        {"limits__accounts__0": "1"},
        {"code": "parameter_invalid_integer", "param": "limits[accounts]"},
    ),
    "a field that cannot be expanded": ({"expand__0": "filters"}, {"param": "expand[0]"}),
    "a field of a list, outside of a list": (
        {"expand__0": "account_holder.customer", "expand__1": "data.ownership"},
        {"param": "expand[1]"},
    ),
}


@pytest.mark.parametrize(("changes", "error"), REFUSED_SESSIONS.values(), ids=REFUSED_SESSIONS)
def test_a_session_is_refused_by_the_name_of_the_parameter(
    server: Server, customer: str, changes: Mapping[str, str | None], error: dict[str, str]
) -> None:
    changed = {spelled(name): value for name, value in changes.items()}
    params = {
        name: value for name, value in (wanted_session(customer) | changed).items() if value is not None
    }
    before = server.rows()

    answer = server.post(SESSIONS, params)

    assert_error(answer, 400, **error)
    assert server.rows() == before
