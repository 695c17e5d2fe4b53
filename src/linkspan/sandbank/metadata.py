"""What a program can find out about the bank by itself."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from linkspan.sandbank.bank import bank_of, brand_of
from linkspan.sandbank.brands import directory


async def authorization_server(request: Request) -> Response:
    """Describe the authorization server of one brand (RFC 8414)."""
    bank, brand = bank_of(request), brand_of(request)
    issuer = brand.issuer(bank.base_url)
    return JSONResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/oauth/authorize",
            "token_endpoint": f"{issuer}/oauth/token",
            "revocation_endpoint": f"{issuer}/oauth/revoke",
            "scopes_supported": list(brand.scopes.all()),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }
    )


async def brands(request: Request) -> Response:
    """List every brand as somebody needs it who wants to link to it."""
    return JSONResponse(directory(bank_of(request).base_url))
