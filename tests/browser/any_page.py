"""The pages a modal is put into: what they send, and what they do before it opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_ISOLATED: Final = {"Cross-Origin-Opener-Policy": "same-origin"}
_NOTHING_BUT: Final = "default-src 'none'; base-uri 'none'; style-src 'none'; frame-src {server}; "


@dataclass(frozen=True, slots=True)
class Host:
    """One page of a merchant."""

    about: str
    headers: Mapping[str, str]
    before: str = ""
    """What its script does before the modal is opened."""


# With what careful merchants send. The page asks us for a script and a frame, and for nothing else.
HOSTS: Final[Mapping[str, Host]] = {
    "plain": Host("sends nothing", {}),
    "coop": Host("sends `Cross-Origin-Opener-Policy: same-origin`", _ISOLATED),
    "isolated": Host(
        "sends COOP `same-origin` and COEP `require-corp`",
        {**_ISOLATED, "Cross-Origin-Embedder-Policy": "require-corp"},
    ),
    "credentialless": Host(
        "sends COOP `same-origin` and COEP `credentialless`",
        {**_ISOLATED, "Cross-Origin-Embedder-Policy": "credentialless"},
    ),
    "no_referrer": Host("sends `Referrer-Policy: no-referrer`", {"Referrer-Policy": "no-referrer"}),
    "nonce": Host(
        "has a policy of one nonce for scripts, and no styles",
        {"Content-Security-Policy": _NOTHING_BUT + "script-src 'nonce-r4nd0m'"},
    ),
    "trusted_types": Host(
        "has Trusted Types, and no policy for them",
        {"Content-Security-Policy": "require-trusted-types-for 'script'; trusted-types 'none'"},
    ),
    "strict": Host(
        "sends nearly all of these at once",
        {
            "Content-Security-Policy": _NOTHING_BUT
            + "script-src {server} 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
            **_ISOLATED,
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Referrer-Policy": "no-referrer",
        },
    ),
    "dialog": Host(
        "has a modal `<dialog>` open",
        {},
        """() => {
            const dialog = document.body.appendChild(document.createElement('dialog'));
            dialog.append(document.getElementById('open'));
            dialog.showModal();
        }""",
    ),
    "focus_trap": Host(
        "takes focus back every 20 ms",
        {},
        """() => {
            const field = document.body.appendChild(document.createElement('input'));
            setInterval(() => field.focus(), 20);
            document.addEventListener('focusin', () => field.focus());
        }""",
    ),
    "pointer_events": Host(
        "has `pointer-events: none` on everything",
        {},
        """() => {
            const rules = new CSSStyleSheet();
            rules.replaceSync('html, body, body * { pointer-events: none !important }');
            document.adoptedStyleSheets.push(rules);
        }""",
    ),
    "z_index": Host(
        "is covered by an element of the highest `z-index`",
        {},
        """() => {
            const cover = document.body.appendChild(document.createElement('div'));
            cover.style.cssText = 'position: fixed; inset: 0; z-index: 2147483647; background: #fffc';
        }""",
    ),
    "locked": Host(
        "locks its scrolling, and styles every frame and dialog",
        {},
        """() => {
            const rules = new CSSStyleSheet();
            rules.replaceSync(`html, body { overflow: hidden !important; height: 50px }
                iframe, dialog { display: none !important; width: 1px !important }`);
            document.adoptedStyleSheets.push(rules);
        }""",
    ),
    "sandboxed": Host("stands in a sandboxed frame itself", {}),
    "react": Host("uses `@stripe/stripe-js` 10.2.1 and `@stripe/react-stripe-js` 7.0.1, in React", {}),
    "react_before": Host(
        "uses `@stripe/stripe-js` 9.17.0 and `@stripe/react-stripe-js` 6.12.0, in React", {}
    ),
}
