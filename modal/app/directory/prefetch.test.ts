import assert from "node:assert/strict";
import { test } from "node:test";
import { document } from "../example.ts";
import { Malformed } from "../shape.ts";
import type { Health } from "../view.ts";
import { directoryOf, readColumns } from "./prefetch.ts";

const WELL: ReadonlyMap<string, Health> = new Map();

test("what was sent ahead is found as the server would show it", async () => {
  const directory = await directoryOf(
    readColumns(document("index")),
    () => WELL,
    () => Promise.resolve(),
  );

  assert.equal(directory.hasMore, false);
  assert.deepEqual(directory.find("boa"), [
    {
      id: "fcinst_fdic_3510",
      name: "Bank of America",
      url: "https://bankofamerica.com",
      color: "#4B5563",
      monogram: "BO",
      logo: null,
      place: "Charlotte, NC",
      linkable: false,
      status: "active",
      back_at: null,
      takes_seconds: null,
    },
  ]);
  const [harbor] = directory.find("harbour");
  assert.deepEqual([harbor?.linkable, harbor?.takes_seconds, harbor?.color], [true, 90, "#0a5c7a"]);
  assert.equal(directory.find("juniper")[0]?.logo, "/link/logos/fcinst_juniper");
});

test("how well a bank answers is what the server said last", async () => {
  let known = WELL;
  const directory = await directoryOf(
    readColumns(document("index")),
    () => known,
    () => Promise.resolve(),
  );
  known = new Map([["fcinst_harbor", { status: "inactive", back_at: 1_790_000_000, takes_seconds: 45 }]]);

  const [harbor] = directory.find("harbor");

  assert.deepEqual([harbor?.status, harbor?.back_at, harbor?.takes_seconds], ["inactive", 1_790_000_000, 45]);
});

test("an index is made a few rows at a time", async () => {
  const names = Array.from({ length: 1_000 }, (_, place) => `Bank ${String(place)}`);
  const blank = names.map(() => "");
  const sent = readColumns({
    ...document("index"),
    ...{ ids: names, names, aliases: blank, domains: blank, numbers: blank, places: blank },
  });
  let pauses = 0;

  await directoryOf(
    sent,
    () => WELL,
    () => {
      pauses += 1;
      return Promise.resolve();
    },
  );

  assert.equal(pauses, 5);
});

test("an index of another shape is not taken for one", () => {
  for (const change of [{ object: "list" }, { names: [1] }, { colors: ["red"] }, { takes: [1] }]) {
    assert.throws(() => readColumns({ ...document("index"), ...change }), Malformed);
  }
});
