import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "./api.ts";
import { document, json, network } from "./example.ts";
import { Trouble } from "./trouble.ts";

const SECRET = "fcsess_1_secret_2";
const OPENING = { locale: "en", host_origin: "https://rides.example", key: "pk_test_1" };

async function troubleOf(answer: () => Response): Promise<Trouble> {
  try {
    await connect(
      { clientSecret: SECRET, locale: "en", nonce: null, tab: "t1" },
      network(answer).fetch,
    ).view();
  } catch (problem) {
    if (problem instanceof Trouble) return problem;
    throw problem;
  }
  throw new assert.AssertionError({ message: "there was no trouble" });
}

test("the client secret travels in a header, never in an address", async () => {
  const { fetch, calls } = network(() => json(document("bank")));
  const api = connect({ clientSecret: SECRET, locale: "en", nonce: null, tab: "t1" }, fetch);
  await Promise.all([api.open(OPENING), api.view(), api.choose(1, "fcinst_1"), api.close(7)]);
  for (const { headers, path } of calls) {
    assert.equal(headers.get("Authorization"), `Bearer ${SECRET}`);
    assert.ok(!path.includes(SECRET));
  }
});

test("each step is one request with its own body", async () => {
  const { fetch, calls } = network(() => json(document("bank")));
  const api = connect({ clientSecret: SECRET, locale: "en", nonce: null, tab: "t1" }, fetch);
  for (const step of [
    () => api.open(OPENING),
    () => api.choose(1, "fcinst_1"),
    () => api.consent(2),
    () => api.back(3),
    () => api.retry(4),
    () => api.answer(5, { user_id: "robin", password: "p" }),
    () => api.select(6, ["fccand_1", "fccand_2"], { fccand_1: "savings" }),
    () => api.extend(),
    () => api.close(7),
    () => api.close(null),
  ]) {
    await step();
  }
  assert.deepEqual(
    calls.map(({ method, path, body }) => [method, path, body]),
    (
      [
        ["open", OPENING],
        ["bank", { version: 1, institution: "fcinst_1" }],
        ["consent", { version: 2 }],
        ["back", { version: 3 }],
        ["retry", { version: 4 }],
        ["answer", { version: 5, answer: { user_id: "robin", password: "p" } }],
        ["accounts", { version: 6, accounts: ["fccand_1", "fccand_2"], kinds: { fccand_1: "savings" } }],
        ["extend", {}],
        ["close", { version: 7 }],
        ["close", {}],
      ] as const
    ).map(([path, body]) => ["POST", path, { ...body, tab: "t1" }]),
  );
});

test("what is searched for is escaped", async () => {
  const { fetch, paths } = network(() => json(document("institutions")));
  await connect({ clientSecret: SECRET, locale: "en", nonce: null, tab: "t1" }, fetch).search("smith & co?");
  assert.deepEqual(paths(), ["institutions?query=smith+%26+co%3F"]);
});

test("no answer at all is being offline", async () => {
  const trouble = await troubleOf(() => {
    throw new TypeError("Failed to fetch");
  });
  assert.equal(trouble.kind, "offline");
});

for (const [status, kind] of [
  [400, "refused"],
  [401, "refused"],
  [403, "refused"],
  [404, "refused"],
  [409, "broken"],
  [429, "broken"],
  [500, "broken"],
  [503, "broken"],
] as const) {
  test(`status ${String(status)} is ${kind}, with the server's words`, async () => {
    const trouble = await troubleOf(() => json(document("refusal"), status));
    assert.equal(trouble.kind, kind);
    assert.equal(trouble.supportId, "req_1");
    assert.equal(trouble.refusal?.message, "No such financial connections session.");
  });
}

test("a gateway's error page is the server's trouble", async () => {
  const trouble = await troubleOf(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
  assert.equal(trouble.kind, "broken");
});

for (const [name, body] of [
  ["an unknown pane", { ...document("bank"), next_pane: "lottery" }],
  ["a View without its block", { ...document("bank"), bank: undefined }],
  ["a list", []],
] as const) {
  test(`${name} is the server's trouble, with an id for support`, async () => {
    const trouble = await troubleOf(() => json(body));
    assert.equal(trouble.kind, "broken");
    assert.equal(trouble.supportId, "req_1");
  });
}

test("changes are read from the stream in order", async () => {
  const blocks = ["bank", "consent"].map(
    (name) => `event: view\ndata: ${JSON.stringify(document(name))}\n\n`,
  );
  const { fetch } = network(() => new Response(`: hello\n\n${blocks.join("")}event: other\ndata: {}\n\n`));
  const panes: string[] = [];
  for await (const view of connect(
    { clientSecret: SECRET, locale: "en", nonce: null, tab: "t1" },
    fetch,
  ).changes(new AbortController().signal))
    panes.push(view.next_pane);
  assert.deepEqual(panes, ["bank", "consent"]);
});
