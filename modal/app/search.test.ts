import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import { startSearch, type Here, type Search } from "./search.ts";
import type { Row } from "./view.ts";

function bank(name: string): Row {
  return {
    id: `fcinst_${name}`,
    name,
    url: null,
    color: "#0a5c7a",
    monogram: "B",
    logo: null,
    place: null,
    linkable: true,
    status: "active",
    back_at: null,
    takes_seconds: null,
  };
}

interface Asked {
  readonly query: string;
  readonly answer: (banks: readonly Row[]) => void;
  readonly fail: () => void;
}

function setUp(context: TestContext, here: Here | null = null) {
  mock.timers.enable({ apis: ["setTimeout"] });
  context.after(() => {
    mock.timers.reset();
  });
  const asked: Asked[] = [];
  const shown: Search[] = [];
  const there = (query: string): Promise<readonly Row[]> =>
    new Promise((answer, reject) => {
      asked.push({
        query,
        answer,
        fail: () => {
          reject(new Error("down"));
        },
      });
    });
  const searcher = startSearch({ here: () => here, there }, (search) => {
    shown.push(search);
  });
  return { asked, shown, searcher };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test("typing asks once, 200 ms after the last key", (context) => {
  const { asked, searcher } = setUp(context);
  for (const text of ["h", "ha", "har"]) {
    searcher.type(text);
    mock.timers.tick(199);
  }
  assert.deepEqual(asked, []);
  mock.timers.tick(1);
  assert.deepEqual(
    asked.map(({ query }) => query),
    ["har"],
  );
});

test("an answer to an older text is dropped", async (context) => {
  const { asked, shown, searcher } = setUp(context);
  searcher.type("har");
  mock.timers.tick(200);
  searcher.type("harb");
  mock.timers.tick(200);
  asked[1]?.answer([bank("Harbor")]);
  await settle();
  asked[0]?.answer([bank("Harvest")]);
  await settle();
  assert.deepEqual(shown.at(-1), { at: "found", query: "harb", banks: [bank("Harbor")] });
});

test("a cleared field shows the featured banks, whatever still comes", async (context) => {
  const { asked, shown, searcher } = setUp(context);
  searcher.type("har");
  mock.timers.tick(200);
  searcher.type("  ");
  asked[0]?.answer([bank("Harbor")]);
  await settle();
  assert.deepEqual(shown.at(-1), { at: "featured" });
});

test("the last results stay while the next are searched", async (context) => {
  const { asked, shown, searcher } = setUp(context);
  searcher.type("har");
  mock.timers.tick(200);
  asked[0]?.answer([bank("Harbor")]);
  await settle();
  searcher.type("harb");
  assert.deepEqual(shown.at(-1), { at: "searching", query: "harb", banks: [bank("Harbor")] });
});

test("a failed search says so", async (context) => {
  const { asked, shown, searcher } = setUp(context);
  searcher.type("har");
  mock.timers.tick(200);
  asked[0]?.fail();
  await settle();
  assert.deepEqual(shown.at(-1), { at: "failed", query: "har" });
});

test("nothing is asked or shown after the end", async (context) => {
  const { asked, shown, searcher } = setUp(context);
  searcher.type("har");
  searcher.stop();
  mock.timers.tick(1_000);
  await settle();
  assert.deepEqual(asked, []);
  assert.equal(shown.length, 1);
});

test("what is all here is shown at once, and nobody is asked", (context) => {
  const { asked, shown, searcher } = setUp(context, { banks: [bank("Harbor")], isAll: true });
  searcher.type("har");
  assert.deepEqual(shown, [{ at: "found", query: "har", banks: [bank("Harbor")] }]);
  mock.timers.tick(1_000);
  assert.deepEqual(asked, []);
});

test("what the server knows besides comes after what is here", async (context) => {
  const { asked, shown, searcher } = setUp(context, { banks: [bank("Harbor")], isAll: false });
  searcher.type("har");
  assert.deepEqual(shown, [{ at: "searching", query: "har", banks: [bank("Harbor")] }]);
  mock.timers.tick(200);
  asked[0]?.answer([bank("Harvest"), bank("Harbor")]);
  await settle();
  assert.deepEqual(shown.at(-1), { at: "found", query: "har", banks: [bank("Harbor"), bank("Harvest")] });
});

test("a server out of reach does not take away what is here", async (context) => {
  const { asked, shown, searcher } = setUp(context, { banks: [bank("Harbor")], isAll: false });
  searcher.type("har");
  mock.timers.tick(200);
  asked[0]?.fail();
  await settle();
  assert.deepEqual(shown.at(-1), { at: "found", query: "har", banks: [bank("Harbor")] });
});
