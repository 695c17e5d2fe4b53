/** For tests: the contract's examples, and a network that answers with them. */
import { readFileSync } from "node:fs";
import type { Messages } from "./i18n/words.ts";
import { readView, type View } from "./view.ts";

/** One document of the contract, as it is on the wire. The test runner starts in modal/. */
export function document(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(`../contract/link/${name}.json`, "utf8")) as Record<string, unknown>;
}

/** One View of the contract. */
export function example(name: string, changes: object = {}): View {
  return readView({ ...document(name), ...changes });
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Network {
  readonly fetch: typeof globalThis.fetch;
  readonly calls: Call[];
  /** The paths called so far, in order. */
  readonly paths: () => readonly string[];
}

/** A network whose answer to each call is `answer`'s; what it throws is a broken connection. */
export function network(answer: (call: Call) => Response | Promise<Response>): Network {
  const calls: Call[] = [];
  return {
    calls,
    paths: () => calls.map(({ path }) => path),
    fetch: async (input, init = {}) => {
      const { method = "GET", body } = init;
      const call = {
        method,
        path: String(input).replace(/^\/link\//, ""),
        headers: new Headers(init.headers),
        body: typeof body === "string" ? (JSON.parse(body) as unknown) : undefined,
      };
      calls.push(call);
      return answer(call);
    },
  };
}

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: { "Request-Id": "req_1" } });
}

/** Let everything that is ready to run, run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1)
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
}

/** The messages of one language, as the server ships them. */
export function said(tag: string): Messages {
  const file = `../src/linkspan/server/link/messages/${tag}.json`;
  return JSON.parse(readFileSync(file, "utf8")) as Messages;
}
