"""In the frame no text becomes markup or script, whoever tries (R30)."""

from typing import Any

import pytest

from tests.acceptance.person import Person

pytestmark = pytest.mark.browser

# Each puts a text where a browser would carry it out, and says what came of it.
SINKS = """() => Object.fromEntries(Object.entries({
    innerHTML: () => { document.createElement('p').innerHTML = '<b>x</b>'; },
    outerHTML: () => { document.body.firstElementChild.outerHTML = '<b>x</b>'; },
    insertAdjacentHTML: () => document.body.insertAdjacentHTML('beforeend', '<b>x</b>'),
    write: () => document.write('<b>x</b>'),
    src: () => { document.createElement('script').src = '/link/static/app.js'; },
    text: () => { document.createElement('script').text = '1'; },
    parse: () => new DOMParser().parseFromString('<b>x</b>', 'text/html'),
    policy: () => trustedTypes.createPolicy('default', { createHTML: text => text }),
}).map(([name, sink]) => { try { sink(); return [name, 'taken']; } catch { return [name, 'refused']; } }))"""


def test_every_way_to_carry_out_a_text_is_refused_in_the_frame(visitor: Person) -> None:
    (frame,) = [one for one in visitor.page.frames if "/link/frame" in one.url]

    told: dict[str, Any] = frame.evaluate(SINKS)

    assert len(told) == 8
    assert set(told.values()) == {"refused"}, told
