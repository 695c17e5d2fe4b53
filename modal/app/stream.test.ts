import assert from "node:assert/strict";
import { test } from "node:test";
import { messagesOf, readBlock, type Message } from "./stream.ts";

function bodyOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function read(chunks: readonly Uint8Array[]): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const message of messagesOf(bodyOf(chunks))) messages.push(message);
  return messages;
}

const WHOLE = 'event: view\ndata: {"name":"Crédit Maritime ⚓"}\n\n: still here\n\ndata: one\ndata:two\n\n';
const MESSAGES = [
  { event: "view", data: '{"name":"Crédit Maritime ⚓"}' },
  { event: "message", data: "one\ntwo" },
];

for (const [name, end] of [
  ["LF", "\n"],
  ["CRLF", "\r\n"],
] as const) {
  test(`a stream with ${name} line ends reads the same wherever it is cut`, async () => {
    const bytes = new TextEncoder().encode(WHOLE.replaceAll("\n", end));
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      assert.deepEqual(
        await read([bytes.slice(0, cut), bytes.slice(cut)]),
        MESSAGES,
        `cut at ${String(cut)}`,
      );
    }
  });
}

test("a block that was not ended is not a message", async () => {
  assert.deepEqual(await read([new TextEncoder().encode("data: half")]), []);
});

test("a comment is not a message", () => {
  assert.equal(readBlock(": still here"), null);
});

test("only the first space after the colon is left out", () => {
  assert.deepEqual(readBlock("data:  two"), { event: "message", data: " two" });
});
