"""A payload is believed when it was signed with the secret, lately, and by nobody else."""

import pickle
import random
from typing import Final

import msgspec
import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from linkspan import DecodeError, Event, SignatureVerificationError, Webhook
from linkspan.webhooks import standard_headers, stripe_header

NOW: Final = 1_790_000_000
SECRET: Final = "whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH"
OTHER: Final = "whsec_C2FVsBQIhrscChlQIMV7b5sSYspob7oD"
PAYLOAD: Final = msgspec.json.encode(
    {
        "id": "evt_1",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": NOW,
        "data": {"object": {"id": "cus_1", "object": "customer", "created": NOW, "livemode": False}},
        "livemode": False,
        "pending_webhooks": 1,
        "request": None,
        "type": "customer.created",
    }
)


def construct(
    header: str, *, tolerance: int | None = 300, payload: bytes = PAYLOAD, now: float = NOW
) -> Event:
    return Webhook.construct_event(payload, header, SECRET, tolerance, now=lambda: now)


def signature(secret: str = SECRET, timestamp: int = NOW) -> str:
    return Webhook.sign(PAYLOAD, secret, timestamp).partition("v1=")[2]


def test_what_was_signed_is_given_as_an_event() -> None:
    event = construct(Webhook.sign(PAYLOAD, SECRET, NOW))

    assert (event.id, event.type) == ("evt_1", "customer.created")


def test_text_and_bytes_are_the_same_payload() -> None:
    assert Webhook.sign(PAYLOAD.decode(), SECRET, NOW) == Webhook.sign(PAYLOAD, SECRET, NOW)
    assert Webhook.construct_event(PAYLOAD.decode(), Webhook.sign(PAYLOAD, SECRET), SECRET).id == "evt_1"


@pytest.mark.parametrize(
    "header",
    [
        f"t={NOW},v1={signature(OTHER)},v1={signature()}",
        f"t={NOW},v0=of-another-scheme,v1={signature()}",
        f"v1={signature()},t={NOW}",
    ],
)
def test_one_signature_of_the_secret_is_enough(header: str) -> None:
    assert construct(header).id == "evt_1"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("", "Unable to extract timestamp and signatures from header"),
        ("nonsense", "Unable to extract timestamp and signatures from header"),
        (f"t=,v1={signature()}", "Unable to extract timestamp and signatures from header"),
        (f"t=²,v1={signature()}", "Unable to extract timestamp and signatures from header"),
        (f"t=-{NOW},v1={signature()}", "Unable to extract timestamp and signatures from header"),
        (f"t={NOW}", "No signatures found with expected scheme v1"),
        (f"t={NOW},v0={signature()}", "No signatures found with expected scheme v1"),
        (f"t={NOW},v1=", "No signatures found matching the expected signature for payload"),
        (f"t={NOW},v1=é", "No signatures found matching the expected signature for payload"),
        (f"t={NOW},v1={signature(OTHER)}", "No signatures found matching the expected signature for payload"),
        (f"t={NOW + 1},v1={signature()}", "No signatures found matching the expected signature for payload"),
        (
            f"t={NOW},v1={signature().upper()}",
            "No signatures found matching the expected signature for payload",
        ),
        (Webhook.sign(PAYLOAD, SECRET, NOW - 301), f"Timestamp outside the tolerance zone ({NOW - 301})"),
    ],
)
def test_a_refusal_says_what_is_wrong(header: str, message: str) -> None:
    with pytest.raises(SignatureVerificationError) as raised:
        construct(header)

    assert str(raised.value) == message
    assert raised.value.header == header


@pytest.mark.parametrize(
    ("age", "tolerance"), [(300, 300), (-3_000, 300), (10**6, 0), (10**6, None), (10**6, 10**6)]
)
def test_a_signature_may_be_as_old_as_the_tolerance_says(age: int, tolerance: int | None) -> None:
    assert construct(Webhook.sign(PAYLOAD, SECRET, NOW - age), tolerance=tolerance).id == "evt_1"


def test_a_refusal_survives_a_process_pool() -> None:
    with pytest.raises(SignatureVerificationError) as raised:
        construct("nonsense")

    again = pickle.loads(pickle.dumps(raised.value))

    assert (str(again), again.header) == (str(raised.value), "nonsense")


def test_what_was_signed_and_is_no_event_is_refused() -> None:
    thin = b'{"id":"evt_1","object":"v2.core.event"}'

    with pytest.raises(DecodeError):
        construct(Webhook.sign(thin, SECRET, NOW), payload=thin)


@given(st.binary(), st.integers(0, 10**10), st.data())
def test_no_changed_byte_is_believed(payload: bytes, timestamp: int, data: st.DataObject) -> None:
    header = Webhook.sign(payload, SECRET, timestamp)
    place = data.draw(st.integers(0, len(payload)))
    changed = payload[:place] + b"x" + payload[place:]

    with pytest.raises(SignatureVerificationError):
        Webhook.construct_event(changed, header, SECRET, None)


@given(st.text())
def test_no_header_does_anything_but_be_refused(header: str) -> None:
    with pytest.raises(SignatureVerificationError):
        construct(header)


def test_the_official_verifier_takes_what_we_sign_and_nothing_else() -> None:
    dice = random.Random(7)
    for _ in range(2_000):
        payload = dice.randbytes(dice.randrange(500)).hex()
        header = stripe_header(payload.encode(), [OTHER, SECRET], NOW)

        assert stripe.WebhookSignature.verify_header(payload, header, SECRET)
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.WebhookSignature.verify_header(f"{payload} ", header, SECRET)


def test_we_take_what_the_official_package_signs() -> None:
    text = f"{NOW}.{PAYLOAD.decode()}"
    header = f"t={NOW},v1={stripe.WebhookSignature._compute_signature(text, SECRET)}"

    assert construct(header).id == "evt_1"


def test_the_example_of_standard_webhooks_is_signed_as_it_says() -> None:
    # Standard Webhooks 1.0, "Signature scheme".
    headers = standard_headers(
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        1_614_265_330,
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
    )

    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_secret_being_rolled_signs_twice() -> None:
    headers = standard_headers(PAYLOAD, [SECRET, OTHER], NOW, message_id="evt_1")
    alone = [
        standard_headers(PAYLOAD, [secret], NOW, message_id="evt_1")["webhook-signature"]
        for secret in (SECRET, OTHER)
    ]

    assert headers["webhook-signature"] == " ".join(alone)
