"""The response headers that protect what the modal shows."""

from typing import Final

_BASE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

NO_STORE: Final = {**_BASE, "Cache-Control": "no-store"}

# Scripts and styles change with each release and keep their names: browsers ask
# each time, and are answered from their cache by ETag. Cross-origin-isolated
# merchants (COEP require-corp) may load them too.
STATIC: Final = {
    **_BASE,
    "Access-Control-Allow-Origin": "*",  # public files; pages may load them as modules or with integrity
    "Cache-Control": "no-cache",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

# What the modal fetches ahead: kept by its browser alone, and asked for each time whether it has changed.
PREFETCHED: Final = {**_BASE, "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding"}

# A picture that came with somebody's file: nothing in it may be anything else.
PICTURE: Final = {
    **_BASE,
    "Cache-Control": "public, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# The bank's tab: nothing runs in it, nothing frames it, no opener reaches it.
PAGE: Final = {
    **NO_STORE,
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
}


# A page with a form that goes nowhere but back to it.
FORM: Final = {
    **PAGE,
    "Content-Security-Policy": PAGE["Content-Security-Policy"].replace(
        "form-action 'none'", "form-action 'self'"
    ),
}


def frame(frame_ancestors: str) -> dict[str, str]:
    """Return the headers of the frame page, which only *frame_ancestors* may embed."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; "
        f"frame-ancestors {frame_ancestors}"
    )
    return {
        **NO_STORE,
        "Content-Security-Policy": policy,
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


# A page of our own with the same panes: no other page may show it inside itself.
HOSTED: Final = {**frame("'none'"), "Cross-Origin-Opener-Policy": "same-origin"}
