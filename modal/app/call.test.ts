import assert from "node:assert/strict";
import { test } from "node:test";
import { carryOut, formOf, type Call } from "./call.ts";

const SECRET = { clientSecret: "pi_1_secret_2", key: "pk_test_1" };

interface Sent {
  readonly address: string;
  readonly init: RequestInit;
}

/** A server with one answer, and what it was asked. */
function answering(body: unknown, status = 200): { readonly fetch: typeof fetch; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    fetch: (input, init = {}) => {
      sent.push({ address: String(input), init });
      return Promise.resolve(Response.json(body, { status }));
    },
  };
}

function call(changes: Partial<Call> = {}): Call {
  return { kind: "call", of: "payment", verb: "confirm", data: {}, ...changes };
}

test("hashes and arrays are written in brackets, and what is not there is not", () => {
  assert.deepEqual(formOf({ amounts: [32, 45], a: { b: "c", d: undefined, e: null } }), [
    ["amounts[0]", "32"],
    ["amounts[1]", "45"],
    ["a[b]", "c"],
  ]);
});

test("an intent is read at its address, by the page's key and its own secret", async () => {
  const { fetch, sent } = answering({ id: "pi_1", status: "processing" });
  const outcome = await carryOut(call({ verb: "" }), SECRET, fetch);
  assert.deepEqual(outcome, { paymentIntent: { id: "pi_1", status: "processing" } });
  assert.equal(sent[0]?.address, "/v1/payment_intents/pi_1?client_secret=pi_1_secret_2");
  assert.deepEqual(sent[0]?.init.headers, { Authorization: "Bearer pk_test_1" });
});

test("deposits are told of", async () => {
  const { fetch, sent } = answering({ id: "seti_1", status: "succeeded" });
  const verify = call({ of: "setup", verb: "verify_microdeposits", data: { amounts: [32, 45] } });
  const outcome = await carryOut(verify, { ...SECRET, clientSecret: "seti_1_secret_2" }, fetch);
  assert.ok("setupIntent" in outcome);
  assert.equal(sent[0]?.address, "/v1/setup_intents/seti_1/verify_microdeposits");
  assert.equal(
    decodeURIComponent(String(sent[0]?.init.body)),
    "amounts[0]=32&amounts[1]=45&client_secret=seti_1_secret_2",
  );
});

test("what a payment method is made of is sent as the API calls it", async () => {
  const { fetch, sent } = answering({ id: "pi_1" });
  const made = { payment_method: { us_bank_account: { routing_number: "110000000" } } };
  await carryOut(call({ data: made }), SECRET, fetch);
  await carryOut(call({ data: { payment_method: "pm_1" } }), SECRET, fetch);
  const [first, second] = sent.map(({ init }) => new URLSearchParams(String(init.body)));
  assert.equal(first?.get("payment_method_data[type]"), "us_bank_account");
  assert.equal(first?.get("payment_method_data[us_bank_account][routing_number]"), "110000000");
  assert.equal(second?.get("payment_method"), "pm_1");
});

test("a refusal is resolved with", async () => {
  const error = { type: "invalid_request_error", message: "No.", code: "payment_intent_unexpected_state" };
  assert.deepEqual(await carryOut(call(), SECRET, answering({ error }, 400).fetch), { error });
});

test("a server that is not there, or says nothing, is said so", async () => {
  const gone = (): Promise<Response> => Promise.reject(new TypeError("Failed to fetch"));
  const silent = (): Promise<Response> => Promise.resolve(new Response("<html>", { status: 502 }));
  for (const fetch of [gone, silent]) {
    const outcome = await carryOut(call(), SECRET, fetch);
    assert.ok("error" in outcome && outcome.error.type === "api_connection_error");
  }
});
