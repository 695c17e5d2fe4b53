/** Reads server-sent events from a fetched body, since EventSource cannot send an Authorization header. */

export interface Message {
  readonly event: string;
  readonly data: string;
}

/** One block between blank lines, by the rules of HTML 9.2.6; null for a comment or a block without data. */
export function readBlock(block: string): Message | null {
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
  return data.length > 0 ? { event, data: data.join("\n") } : null;
}

/** The messages of a stream, in order, until it ends. */
export async function* messagesOf(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Message, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let pending = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      // A chunk may end between the two characters of a line end, so a lone CR waits for what follows it.
      pending = (pending + decoder.decode(value, { stream: true })).replace(/\r\n|\r(?!$)/g, "\n");
      const blocks = pending.split("\n\n");
      pending = blocks.pop() ?? "";
      for (const block of blocks) {
        const message = readBlock(block);
        if (message) yield message;
      }
    }
  } finally {
    await reader.cancel();
  }
}
