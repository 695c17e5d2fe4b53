import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Outcome } from "../messages.ts";
import { connect } from "./api.ts";
import { document, json, network, settle, type Call } from "./example.ts";
import { viewOf, START, type State } from "./flow.ts";
import { startFlow, type Actions } from "./run.ts";

type Answers = Readonly<Record<string, (call: Call) => Response | Promise<Response>>>;

interface Running {
  readonly act: Actions;
  readonly paths: () => readonly string[];
  readonly outcomes: Outcome[];
  readonly told: string[];
  readonly state: () => State;
}

const ENDED = new Response(null, { status: 503 });

/** A flow whose server answers each path once told how; the rest is out of reach. */
async function run(context: TestContext, answers: Answers): Promise<Running> {
  const outcomes: Outcome[] = [];
  const told: string[] = [];
  let state = START;
  const { fetch, paths } = network((call) => {
    const answer = answers[call.path];
    if (call.path === "events") return ENDED.clone();
    if (!answer) throw new TypeError("Failed to fetch");
    return answer(call);
  });
  const act = startFlow({
    api: connect({ clientSecret: "fcsess_1_secret_2", locale: "en", nonce: null, tab: "t1" }, fetch),
    opening: { locale: "en", host_origin: "https://rides.example", key: "pk_test_1" },
    now: () => 0,
    show: (next) => {
      state = next;
    },
    tell: ({ name, metadata: { errorCode } }) => {
      told.push(errorCode === undefined ? name : `${name} ${errorCode}`);
    },
    finish: (outcome) => {
      outcomes.push(outcome);
    },
  });
  context.after(async () => {
    act.leave();
    await settle();
  });
  await settle();
  return { act, paths, outcomes, told, state: () => state };
}

function view(name: string): () => Response {
  return () => json(document(name));
}

const CLOSE = { close: view("closed") };

test("a flow goes on at the pane the server names, after a reload too", async (context) => {
  const { state, told } = await run(context, { ...CLOSE, open: view("accounts") });
  assert.equal(viewOf(state())?.next_pane, "accounts");
  assert.deepEqual(told, ["open"]);
});

test("a double click sends once", async (context) => {
  const { act, paths } = await run(context, { ...CLOSE, open: view("consent"), consent: view("done") });
  act.consent();
  act.consent();
  act.back();
  await settle();
  assert.deepEqual(paths(), ["open", "consent"]);
});

test("leaving early resolves with a Session without accounts", async (context) => {
  const { act, outcomes, told } = await run(context, { ...CLOSE, open: view("bank") });
  act.askToLeave();
  act.askToLeave();
  await settle();
  assert.deepEqual(outcomes, [document("closed")["result"]]);
  assert.deepEqual(told, ["open", "cancel"]);
});

test("a person with accounts to choose is asked before leaving, and may stay", async (context) => {
  const { act, paths, state, outcomes } = await run(context, { ...CLOSE, open: view("accounts") });
  act.askToLeave();
  assert.equal(state().leaving, true);
  act.stay();
  assert.equal(state().leaving, false);
  assert.deepEqual(paths(), ["open"]);
  act.askToLeave();
  act.leave();
  await settle();
  assert.equal(outcomes.length, 1);
});

test("closing the last pane resolves with what was linked, without asking the server", async (context) => {
  const { act, paths, outcomes } = await run(context, { open: view("done") });
  act.askToLeave();
  await settle();
  assert.deepEqual(outcomes, [document("done")["result"]]);
  assert.deepEqual(paths(), ["open"]);
});

test("accounts that were linked after all are a success, even to someone who left", async (context) => {
  const { act, outcomes } = await run(context, { open: view("consent"), close: view("done") });
  act.leave();
  await settle();
  assert.deepEqual(outcomes, [document("done")["result"]]);
});

test("a Session closed elsewhere ends the flow", async (context) => {
  const { act, outcomes, told } = await run(context, { open: view("bank"), view: view("closed") });
  act.recheck();
  await settle();
  assert.deepEqual(outcomes, [document("closed")["result"]]);
  assert.equal(told.at(-1), "cancel");
});

test("a refusal at launch is for the page", async (context) => {
  const { outcomes } = await run(context, { open: () => json(document("refusal"), 404) });
  assert.deepEqual(outcomes, [document("refusal")]);
});

test("a server out of reach is asked again when the person says so", async (context) => {
  const answers: Record<string, () => Response> = { ...CLOSE };
  const { act, state } = await run(context, answers);
  assert.equal(state().screen.at, "stuck");
  answers["open"] = view("bank");
  act.open();
  await settle();
  assert.equal(viewOf(state())?.next_pane, "bank");
});

test("giving up on a server out of reach resolves with a connection error", async (context) => {
  const { act, outcomes } = await run(context, {});
  act.leave();
  await settle();
  const [outcome] = outcomes;
  assert.ok(outcome && "error" in outcome);
  assert.equal(outcome.error.type, "api_connection_error");
});

test("a flow resolves once, whatever comes after", async (context) => {
  const { act, outcomes } = await run(context, { ...CLOSE, open: view("bank") });
  act.leave();
  await settle();
  act.leave();
  act.askToLeave();
  act.recheck();
  await settle();
  assert.equal(outcomes.length, 1);
});

test("a search is told once and keeps its words to itself", async (context) => {
  const { act, told } = await run(context, {
    ...CLOSE,
    open: view("bank"),
    "institutions?query=har": view("institutions"),
  });
  await act.search("har");
  await act.search("har");
  assert.deepEqual(told, ["open", "search_initiated"]);
});

test("many signs that something changed are one look", async (context) => {
  const { act, paths } = await run(context, { ...CLOSE, open: view("consent"), view: view("consent") });
  for (let sign = 0; sign < 4; sign += 1) act.recheck();
  await settle();
  assert.deepEqual(paths(), ["open", "view"]);
});

test("a look that fails is no news, unless it is refused", async (context) => {
  let status = 503;
  const { act, state } = await run(context, {
    ...CLOSE,
    open: view("consent"),
    view: () => json(document("refusal"), status),
  });
  act.recheck();
  await settle();
  assert.equal(viewOf(state())?.next_pane, "consent");
  status = 404;
  act.recheck();
  await settle();
  assert.equal(state().screen.at, "stuck");
});

test("an answer goes out once, with the version of the form it is to", async (context) => {
  const sent: unknown[] = [];
  const { act, state, told } = await run(context, {
    ...CLOSE,
    open: view("login_form"),
    answer: ({ body }) => {
      sent.push(body);
      return json(document("accounts"));
    },
  });
  act.open();
  await settle();
  act.answer({ user_id: "robin", password: "p" }, 5);
  act.answer({ user_id: "robin", password: "p" }, 5);
  await settle();
  assert.deepEqual(sent, [{ answer: { user_id: "robin", password: "p" }, version: 5, tab: "t1" }]);
  assert.equal(viewOf(state())?.next_pane, "accounts");
  assert.ok(told.includes("institution_authorized"));
});

test("while the bank has an answer the flow listens for what comes of it", async (context) => {
  const checking = document("login_form");
  const form = checking["login_form"] as object;
  const { act, paths } = await run(context, {
    ...CLOSE,
    open: () => json({ ...checking, login_form: { ...form, status: "checking" } }),
    view: view("accounts"),
  });
  act.open();
  await settle();
  assert.ok(paths().includes("events"));
});

test("a tab that was outrun goes on from where the other one is", async (context) => {
  const { act, state, paths } = await run(context, {
    ...CLOSE,
    open: view("bank"),
    bank: view("continued_elsewhere"),
    view: view("accounts"),
  });
  act.choose("fcinst_1");
  await settle();
  assert.equal(state().screen.at, "elsewhere");
  act.resume();
  await settle();
  assert.equal(viewOf(state())?.next_pane, "accounts");
  assert.deepEqual(paths(), ["open", "bank", "view"]);
});

test("who leaves a tab that was outrun leaves that tab alone", async (context) => {
  const { act, outcomes, paths } = await run(context, {
    open: view("bank"),
    close: view("continued_elsewhere"),
  });
  act.leave();
  await settle();
  assert.deepEqual(outcomes, [document("continued_elsewhere")["result"]]);
  assert.deepEqual(paths(), ["open", "close"]);
});

test("a person is warned before the time is over, and given more when they ask", async (context) => {
  const soon = { ...document("consent"), expires_at: 60 };
  const { act, state } = await run(context, {
    ...CLOSE,
    open: () => json(soon),
    extend: () => json({ ...soon, expires_at: 1_860 }),
  });
  while (!state().hurried) await settle();
  assert.equal(state().hurried, true);
  act.extend();
  await settle();
  assert.equal(state().hurried, false);
});

test("where no more time is to be had nobody is asked whether they need it", async (context) => {
  const soon = { ...document("consent"), expires_at: 60, extensible: false };
  const { state } = await run(context, { ...CLOSE, open: () => json(soon) });
  await settle();
  assert.equal(state().hurried, false);
});

test("a Session that ended is told by its code", async (context) => {
  const ended = { error: { type: "invalid_request_error", code: "session_expired", message: "…" } };
  const { act, state, outcomes, told } = await run(context, {
    open: view("consent"),
    consent: () => json(ended, 400),
  });
  act.consent();
  await settle();
  assert.equal(state().screen.at, "stuck");
  assert.deepEqual(told, ["open", "error session_expired"]);
  act.leave();
  await settle();
  assert.deepEqual(outcomes, [ended]);
});
