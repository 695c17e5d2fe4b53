/** The only place that speaks with the server; every answer is read before it is believed. */
import { readColumns, type Columns } from "./directory/prefetch.ts";
import { Malformed } from "./shape.ts";
import { messagesOf } from "./stream.ts";
import { Trouble } from "./trouble.ts";
import { readInstitutions, readRefusal, readSecret, readView, type Row, type View } from "./view.ts";

export interface Opening {
  readonly locale: string;
  readonly host_origin: string;
  readonly key: string;
  readonly purpose?: string;
}

/** Text by name. */
export type Answer = Readonly<Record<string, string>>;

export interface Api {
  readonly open: (opening: Opening) => Promise<View>;
  readonly view: () => Promise<View>;
  readonly search: (query: string) => Promise<readonly Row[]>;
  /** The institutions that can be searched without asking. */
  readonly index: () => Promise<Columns>;
  // Every step says which View it is taken from: another one's is not taken.
  readonly choose: (version: number, institution: string) => Promise<View>;
  readonly consent: (version: number) => Promise<View>;
  readonly back: (version: number) => Promise<View>;
  readonly retry: (version: number) => Promise<View>;
  readonly answer: (version: number, answer: Answer) => Promise<View>;
  readonly select: (version: number, accounts: readonly string[], kinds: Answer) => Promise<View>;
  /** Ask for more time. */
  readonly extend: () => Promise<View>;
  /** Leave from the View with this version, or from none. */
  readonly close: (version: number | null) => Promise<View>;
  /** Type an account's numbers instead. */
  readonly manual: (version: number) => Promise<View>;
  readonly numbers: (version: number, numbers: Answer) => Promise<View>;
  /** Views as they change, until the server ends the stream or `signal` does. */
  readonly changes: (signal: AbortSignal) => AsyncIterable<View>;
}

// A bank may take its time behind POST /link/accounts; past this the person deserves another choice.
const ANSWER_WITHIN_MS = 30_000;

async function refusalOf(answer: Response): Promise<Trouble> {
  const supportId = answer.headers.get("Request-Id");
  try {
    const refusal = readRefusal(await answer.json());
    // 409 and 429 say "not now" rather than "no".
    const isFinal = answer.status < 500 && answer.status !== 409 && answer.status !== 429;
    return new Trouble(isFinal ? "refused" : "broken", supportId, refusal);
  } catch {
    return new Trouble("broken", supportId);
  }
}

/** Read a body, or say that the server and this modal do not understand each other. */
function understood<T>(read: (value: unknown) => T, body: unknown, supportId: string | null): T {
  try {
    return read(body);
  } catch (problem) {
    if (problem instanceof Malformed) throw new Trouble("broken", supportId);
    throw problem;
  }
}

export interface Visitor {
  readonly clientSecret: string;
  readonly locale: string;
  /** What the page wants to find again in the signed result. */
  readonly nonce: string | null;
  /** What this tab calls itself, unlike any other in which the Session may be open. */
  readonly tab: string;
  /** What is wanted for the intent that the client secret is of; null where it is a Session's own. */
  readonly wanted?: object | null;
}

export function connect(
  { clientSecret, locale, nonce, tab, wanted = null }: Visitor,
  fetch: typeof globalThis.fetch,
): Api {
  let secret = clientSecret;

  async function send(path: string, init: RequestInit): Promise<Response> {
    const headers = {
      Authorization: `Bearer ${secret}`,
      "Accept-Language": locale,
      "Content-Type": "application/json",
      ...(nonce === null ? {} : { "Linkspan-Nonce": nonce }),
    };
    const answer = await fetch(`/link/${path}`, { cache: "no-store", ...init, headers }).catch(() => {
      throw new Trouble("offline");
    });
    if (!answer.ok) throw await refusalOf(answer);
    return answer;
  }

  async function ask<T>(read: (value: unknown) => T, path: string, init: RequestInit = {}): Promise<T> {
    const answer = await send(path, { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const body: unknown = await answer.json().catch(() => null);
    return understood(read, body, answer.headers.get("Request-Id"));
  }

  function post(path: string, body: object = {}): Promise<View> {
    return ask(readView, path, { method: "POST", body: JSON.stringify({ ...body, tab }) });
  }

  /** Open a Session: an intent's own, which begins now or is under way, or the one that was given. */
  async function open(opening: Opening): Promise<View> {
    secret = clientSecret;
    if (wanted !== null) {
      const body = JSON.stringify({ ...opening, ...wanted });
      secret = await ask(readSecret, "collect", { method: "POST", body });
    }
    return post("open", opening);
  }

  async function* changes(signal: AbortSignal): AsyncGenerator<View, void, undefined> {
    const { body } = await send("events", { signal });
    if (!body) return;
    for await (const { event, data } of messagesOf(body)) {
      if (event === "view") yield understood(readView, JSON.parse(data), null);
    }
  }

  return {
    open,
    view: () => ask(readView, "view"),
    search: (query) => ask(readInstitutions, `institutions?${new URLSearchParams({ query }).toString()}`),
    // The one thing that a browser may keep, if it asks each time whether it has changed.
    index: () => ask(readColumns, "index", { cache: "no-cache" }),
    choose: (version, institution) => post("bank", { version, institution }),
    consent: (version) => post("consent", { version }),
    back: (version) => post("back", { version }),
    retry: (version) => post("retry", { version }),
    answer: (version, answer) => post("answer", { version, answer }),
    select: (version, accounts, kinds) => post("accounts", { version, accounts, kinds }),
    extend: () => post("extend"),
    close: (version) => post("close", version === null ? {} : { version }),
    manual: (version) => post("manual", { version }),
    numbers: (version, numbers) => post("numbers", { version, ...numbers }),
    changes,
  };
}
