import assert from "node:assert/strict";
import { test } from "node:test";
import { example } from "./example.ts";
import { isWorkLost, reduce, START, viewOf, type Happening, type State } from "./flow.ts";
import { Trouble } from "./trouble.ts";

function after(...happenings: readonly Happening[]): State {
  return happenings.reduce(reduce, START);
}

test("a flow starts with nothing to show", () => {
  assert.deepEqual(after(), {
    screen: { at: "boot", slow: false },
    sending: false,
    leaving: false,
    hurried: false,
  });
});

test("an answer is shown", () => {
  const state = after({ type: "opening" }, { type: "answered", view: example("bank") });
  assert.equal(viewOf(state)?.next_pane, "bank");
  assert.equal(state.sending, false);
});

test("an older View never replaces a newer one", () => {
  const state = after(
    { type: "answered", view: example("accounts", { version: 7 }) },
    { type: "pushed", view: example("login", { version: 6 }) },
  );
  assert.equal(viewOf(state)?.next_pane, "accounts");
});

test("versions of two Sessions are not compared", () => {
  const state = after(
    { type: "answered", view: example("accounts", { version: 7 }) },
    { type: "answered", view: example("bank", { version: 1, session: "fcsess_another" }) },
  );
  assert.equal(viewOf(state)?.next_pane, "bank");
});

test("news from elsewhere leaves a request on its way", () => {
  const view = example("bank");
  const state = after({ type: "answered", view }, { type: "sent" }, { type: "pushed", view });
  assert.equal(state.sending, true);
});

test("a pane that could not be left for want of a network is kept with a word about it", () => {
  const trouble = new Trouble("offline");
  const state = after(
    { type: "answered", view: example("accounts") },
    { type: "sent" },
    { type: "failed", trouble },
  );
  assert.equal(viewOf(state)?.next_pane, "accounts");
  assert.equal(state.screen.at === "pane" && state.screen.problem, trouble);
  assert.equal(state.sending, false);
});

test("the word is gone when the person tries again", () => {
  const state = after(
    { type: "answered", view: example("accounts") },
    { type: "failed", trouble: new Trouble("offline") },
    { type: "sent" },
  );
  assert.equal(state.screen.at === "pane" && state.screen.problem, null);
});

for (const kind of ["refused", "broken"] as const) {
  test(`a ${kind} request ends on the error pane`, () => {
    const state = after(
      { type: "answered", view: example("bank") },
      { type: "failed", trouble: new Trouble(kind) },
    );
    assert.equal(state.screen.at, "stuck");
  });
}

test("a slow start is told as long as nothing came", () => {
  assert.deepEqual(after({ type: "delayed" }).screen, { at: "boot", slow: true });
  const come: Happening = { type: "answered", view: example("bank") };
  assert.deepEqual(after(come, { type: "delayed" }), after(come));
});

test("the question whether to leave goes away with the pane it was asked on", () => {
  const asked = after({ type: "answered", view: example("login_opened") }, { type: "asked to leave" });
  assert.equal(asked.leaving, true);
  assert.equal(reduce(asked, { type: "pushed", view: example("accounts") }).leaving, false);
  assert.equal(
    reduce(asked, { type: "pushed", view: example("login_opened", { version: 9 }) }).leaving,
    true,
  );
  assert.equal(reduce(asked, { type: "stayed" }).leaving, false);
});

test("a step another tab outran shows so, until the person goes on here", () => {
  const outrun = after(
    { type: "answered", view: example("bank") },
    { type: "answered", view: example("continued_elsewhere") },
  );
  assert.equal(outrun.screen.at, "elsewhere");
  assert.equal(viewOf(outrun), null);
  assert.equal(viewOf(reduce(outrun, { type: "resumed" }))?.next_pane, "consent");
});

test("a warning goes away with the time that was asked for", () => {
  const view = example("accounts");
  const warned = after({ type: "answered", view }, { type: "time is running out" });
  assert.equal(reduce(warned, { type: "pushed", view }).hurried, true);
  const later = example("accounts", { expires_at: view.expires_at + 1800 });
  assert.equal(reduce(warned, { type: "answered", view: later }).hurried, false);
});

for (const [name, isLost] of [
  ["bank", false],
  ["consent", false],
  ["login", false],
  ["login_opened", true],
  ["accounts", true],
  ["accounts_single", true],
  ["done", false],
  ["error", false],
] as const) {
  test(`leaving on ${name} ${isLost ? "loses" : "loses no"} work`, () => {
    assert.equal(isWorkLost(after({ type: "answered", view: example(name) })), isLost);
  });
}
