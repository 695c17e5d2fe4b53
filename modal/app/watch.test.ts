import assert from "node:assert/strict";
import { mock, test, type TestContext } from "node:test";
import { example, settle } from "./example.ts";
import { Trouble } from "./trouble.ts";
import type { View } from "./view.ts";
import { pauseAfter, watch, type Watching } from "./watch.ts";

function setUp(context: TestContext, api: Watching["api"]) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const end = new AbortController();
  const shown: View[] = [];
  const refused: unknown[] = [];
  const ended = watch({
    api,
    show: (view) => {
      shown.push(view);
    },
    refuse: (problem) => {
      refused.push(problem);
    },
    signal: end.signal,
  });
  context.after(async () => {
    end.abort();
    await ended;
    mock.timers.reset();
  });
  return { shown, refused };
}

async function pass(ms: number): Promise<void> {
  await settle();
  mock.timers.tick(ms);
  await settle();
}

async function* broken(): AsyncGenerator<View, void, undefined> {
  throw new Trouble("offline");
}

test("the pause grows from half a second to five", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 40].map(pauseAfter), [500, 1_000, 2_000, 4_000, 5_000, 5_000]);
});

test("where no stream holds, the View is asked for with growing pauses", async (context) => {
  let asked = 0;
  const { shown } = setUp(context, {
    changes: broken,
    view: () => {
      asked += 1;
      return Promise.resolve(example("login"));
    },
  });
  const counts: number[] = [];
  for (const ms of [499, 1, 999, 1, 1_999, 1]) {
    await pass(ms);
    counts.push(asked);
  }
  assert.deepEqual(counts, [0, 1, 1, 2, 2, 3]);
  assert.equal(shown.length, 3);
});

test("behind a living stream the View is asked for rarely", async (context) => {
  let asked = 0;
  async function* living(signal: AbortSignal): AsyncGenerator<View, void, undefined> {
    yield example("login");
    await new Promise((resolve) => {
      signal.addEventListener("abort", resolve);
    });
  }
  const { shown } = setUp(context, {
    changes: living,
    view: () => {
      asked += 1;
      return Promise.resolve(example("login"));
    },
  });
  await pass(500);
  await pass(14_000);
  assert.equal(asked, 1);
  await pass(1_000);
  assert.equal(asked, 2);
  assert.equal(shown.length, 3);
});

test("a stream that ended is opened again", async (context) => {
  let opened = 0;
  async function* short(): AsyncGenerator<View, void, undefined> {
    opened += 1;
    yield example("login");
  }
  const { shown } = setUp(context, { changes: short, view: () => Promise.reject(new Trouble("offline")) });
  await pass(500);
  assert.equal(opened, 2);
  assert.equal(shown.length, 2);
});

test("what goes wrong with a question is passed on", async (context) => {
  const trouble = new Trouble("refused");
  const { refused } = setUp(context, { changes: broken, view: () => Promise.reject(trouble) });
  await pass(500);
  assert.deepEqual(refused, [trouble]);
});
