/** Runs one flow: asks the server, keeps what is on screen, tells the page. */
import type { FlowEvent, LaunchError, Outcome } from "../messages.ts";
import type { Api, Opening } from "./api.ts";
import { eventsBetween } from "./events.ts";
import { isWorkLost, reduce, START, viewOf, type Happening, type State } from "./flow.ts";
import { Trouble } from "./trouble.ts";
import type { Institution, View } from "./view.ts";
import { watch } from "./watch.ts";

/** What the pane on screen may ask for. */
export interface Actions {
  readonly open: () => void;
  readonly search: (query: string) => Promise<readonly Institution[]>;
  readonly choose: (institution: string) => void;
  readonly consent: () => void;
  readonly back: () => void;
  readonly retry: () => void;
  readonly select: (accounts: readonly string[]) => void;
  /** The person followed the link to the bank. */
  readonly launched: () => void;
  /** The person wants out; asks first when something would be lost. */
  readonly askToLeave: () => void;
  readonly stay: () => void;
  readonly leave: () => void;
  /** Something outside changed (the tab came back, the network too), so look again. */
  readonly recheck: () => void;
}

export interface Surroundings {
  readonly api: Api;
  readonly opening: Opening;
  readonly now: () => number;
  readonly show: (state: State) => void;
  readonly tell: (event: FlowEvent) => void;
  readonly finish: (outcome: Outcome) => void;
}

// Stripe's modal says "longer than usual" after as long (attach pane).
const SLOW_AFTER_MS = 4_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const TYPES: Readonly<Record<Trouble["kind"], string>> = {
  offline: "api_connection_error",
  refused: "invalid_request_error",
  broken: "api_error",
};

/** A trouble as Stripe.js resolves with it. */
export function launchError({ kind, refusal }: Trouble): LaunchError {
  if (refusal) return refusal;
  return { type: TYPES[kind], message: "The account linking flow could not be continued." };
}

function isSettled(view: View | null): boolean {
  return view?.next_pane === "done" || view?.next_pane === "closed";
}

export function startFlow({ api, opening, now, show, tell, finish }: Surroundings): Actions {
  let state = START;
  let isFinished = false;
  let isAsking = false;
  let isRechecking = false;
  let isLeaving = false;
  let hasSearched = false;
  let watching: AbortController | null = null;
  let expiry: ReturnType<typeof setTimeout> | undefined;

  function end(outcome: Outcome): void {
    if (isFinished) return;
    isFinished = true;
    watching?.abort();
    clearTimeout(expiry);
    finish(outcome);
  }

  function happen(happening: Happening): void {
    if (isFinished) return;
    const before = viewOf(state);
    state = reduce(state, happening);
    const after = viewOf(state);
    if (after && after !== before) arrive(before, after);
    follow(after);
    if (after?.next_pane === "closed") end(after.result);
    else show(state);
  }

  function arrive(before: View | null, after: View): void {
    eventsBetween(before?.next_pane ?? null, after).forEach(tell);
    clearTimeout(expiry);
    if (isSettled(after)) return;
    // The server alone decides that a Session has ended; this only asks it in time.
    const left = Math.max(1_000, after.expires_at * 1000 - now());
    expiry = setTimeout(recheck, Math.min(left, LONGEST_TIMER_MS));
  }

  // Only while the person is at the bank does the server learn things before the modal does.
  function follow(view: View | null): void {
    if (view?.next_pane === "login") {
      if (watching) return;
      watching = new AbortController();
      void watch({
        api,
        show: (news) => { happen({ type: "pushed", view: news }); },
        refuse: (trouble) => { happen({ type: "failed", trouble }); },
        signal: watching.signal,
      });
    } else {
      watching?.abort();
      watching = null;
    }
  }

  async function send(ask: () => Promise<View>, first: Happening = { type: "sent" }): Promise<void> {
    if (isAsking) return;
    isAsking = true;
    happen(first);
    try {
      happen({ type: "answered", view: await ask() });
    } catch (problem) {
      if (!(problem instanceof Trouble)) throw problem;
      happen({ type: "failed", trouble: problem });
    } finally {
      isAsking = false;
    }
  }

  async function open(): Promise<void> {
    const slow = setTimeout(happen, SLOW_AFTER_MS, { type: "delayed" });
    await send(() => api.open(opening), { type: "opening" });
    clearTimeout(slow);
    // A refusal at launch is for the page to read; a person could do nothing about it.
    if (state.screen.at === "stuck" && state.screen.trouble.kind === "refused") {
      end({ error: launchError(state.screen.trouble) });
    }
  }

  function recheck(): void {
    const view = viewOf(state);
    if (!view || isSettled(view) || isAsking || isRechecking) return;
    isRechecking = true;
    api
      .view()
      .then(
        (news) => { happen({ type: "pushed", view: news }); },
        (problem: unknown) => {
          if (problem instanceof Trouble && problem.kind === "refused") happen({ type: "failed", trouble: problem });
        },
      )
      .finally(() => { isRechecking = false; });
  }

  async function leave(): Promise<void> {
    const view = viewOf(state);
    if (view && "result" in view) { end(view.result); return; }
    if (state.screen.at === "stuck" && state.screen.trouble.kind === "refused") {
      end({ error: launchError(state.screen.trouble) });
      return;
    }
    if (isLeaving) return;
    isLeaving = true;
    happen({ type: "sent" });
    try {
      const last = await api.close();
      happen({ type: "answered", view: last });
      // Accounts that were linked after all are a success, even to someone who is leaving.
      if ("result" in last) end(last.result);
    } catch (problem) {
      if (!(problem instanceof Trouble)) throw problem;
      end({ error: launchError(problem) });
    } finally {
      isLeaving = false;
    }
  }

  function askToLeave(): void {
    if (state.leaving) happen({ type: "stayed" });
    else if (isWorkLost(state)) happen({ type: "asked to leave" });
    else void leave();
  }

  function search(query: string): Promise<readonly Institution[]> {
    if (!hasSearched) tell({ name: "search_initiated", metadata: {} });
    hasSearched = true;
    return api.search(query);
  }

  tell({ name: "open", metadata: {} });
  void open();
  return {
    open: () => void open(),
    search,
    choose: (institution) => void send(() => api.choose(institution)),
    consent: () => void send(api.consent),
    back: () => void send(api.back),
    retry: () => void send(api.retry),
    select: (accounts) => void send(() => api.select(accounts)),
    launched: () => { tell({ name: "flow_launched_in_browser", metadata: {} }); },
    askToLeave,
    stay: () => { happen({ type: "stayed" }); },
    leave: () => void leave(),
    recheck,
  };
}
