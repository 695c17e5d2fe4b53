/** Runs one flow: asks the server, keeps what is on screen, tells the page. */
import type { FlowEvent, LaunchError, Outcome } from "../messages.ts";
import type { Answer, Api, Opening } from "./api.ts";
import { directoryOf, type Directory } from "./directory/prefetch.ts";
import { eventsBetween } from "./events.ts";
import { isWorkLost, reduce, START, viewOf, type Happening, type State } from "./flow.ts";
import type { Here } from "./search.ts";
import { Trouble } from "./trouble.ts";
import type { Health, Row, View } from "./view.ts";
import { watch } from "./watch.ts";

/** What the pane on screen may ask for. */
export interface Actions {
  readonly open: () => void;
  /** Have the directory ready to be looked through, once; nothing waits for it. */
  readonly prefetch: () => void;
  /** What is found without asking the server; null before there is anything to look through. */
  readonly look: (query: string) => Here | null;
  readonly search: (query: string) => Promise<readonly Row[]>;
  readonly choose: (institution: string) => void;
  readonly consent: () => void;
  readonly back: () => void;
  readonly retry: () => void;
  readonly answer: (answer: Answer, version: number) => void;
  readonly select: (accounts: readonly string[], kinds: Answer) => void;
  /** Type an account's numbers instead. */
  readonly manual: () => void;
  readonly numbers: (numbers: Answer) => void;
  /** The banks a routing number may be of. */
  readonly bankWith: (routingNumber: string) => Promise<readonly Row[]>;
  /** The person followed the link to the bank. */
  readonly launched: () => void;
  /** The person wants out; asks first when something would be lost. */
  readonly askToLeave: () => void;
  readonly stay: () => void;
  /** The person needs more time. */
  readonly extend: () => void;
  /** Go on here with what was continued in another tab. */
  readonly resume: () => void;
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

// A person needs to notice, read and press a button (WCAG 2.2.1 asks for twenty seconds).
const WARNED_MS = 5 * 60 * 1_000;
// Stripe's modal says "longer than usual" after as long (attach pane).
const SLOW_AFTER_MS = 4_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

// What was clicked or typed meanwhile goes first.
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

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

function isAtBank(view: View): boolean {
  return (
    view.next_pane === "login" || (view.next_pane === "login_form" && view.login_form.status === "checking")
  );
}

function isSettled(view: View | null): boolean {
  return view?.next_pane === "done" || view?.next_pane === "closed";
}

/** One flow, from the first request to the one outcome. */
class Flow implements Actions {
  readonly #around: Surroundings;
  #state = START;
  #isFinished = false;
  #isAsking = false;
  #isRechecking = false;
  #isLeaving = false;
  #hasSearched = false;
  #hasFetched = false;
  #directory: Directory | null = null;
  #watching: AbortController | null = null;
  #expiry: ReturnType<typeof setTimeout> | undefined;
  #warning: ReturnType<typeof setTimeout> | undefined;

  constructor(surroundings: Surroundings) {
    this.#around = surroundings;
  }

  readonly open = (): void => {
    void this.#open();
  };

  readonly choose = (institution: string): void => {
    void this.#step((version) => this.#around.api.choose(version, institution));
  };

  readonly consent = (): void => {
    void this.#step(this.#around.api.consent);
  };

  readonly back = (): void => {
    void this.#step(this.#around.api.back);
  };

  readonly retry = (): void => {
    void this.#step(this.#around.api.retry);
  };

  readonly answer = (answer: Answer, version: number): void => {
    void this.#send(() => this.#around.api.answer(version, answer));
  };

  readonly select = (accounts: readonly string[], kinds: Answer): void => {
    void this.#step((version) => this.#around.api.select(version, accounts, kinds));
  };

  readonly prefetch = (): void => {
    if (this.#hasFetched) return;
    this.#hasFetched = true;
    void this.#fetchDirectory();
  };

  readonly look = (query: string): Here | null => {
    this.#tellOfSearch();
    if (this.#directory === null) return null;
    return { banks: this.#directory.find(query), isAll: !this.#directory.hasMore };
  };

  readonly search = (query: string): Promise<readonly Row[]> => {
    this.#tellOfSearch();
    return this.#around.api.search(query);
  };

  readonly manual = (): void => {
    this.#around.tell({ name: "manual_entry_initiated", metadata: {} });
    void this.#step(this.#around.api.manual);
  };

  readonly numbers = (numbers: Answer): void => {
    void this.#step((version) => this.#around.api.numbers(version, numbers));
  };

  readonly bankWith = (routingNumber: string): Promise<readonly Row[]> =>
    this.#around.api.search(routingNumber);

  #tellOfSearch(): void {
    if (!this.#hasSearched) this.#around.tell({ name: "search_initiated", metadata: {} });
    this.#hasSearched = true;
  }

  // Whoever cannot look here asks the server, so this may fail.
  async #fetchDirectory(): Promise<void> {
    try {
      const sent = await this.#around.api.index();
      this.#directory = await directoryOf(sent, this.#health, pause);
    } catch (problem) {
      if (!(problem instanceof Trouble)) throw problem;
    }
  }

  readonly #health = (): ReadonlyMap<string, Health> => {
    const view = viewOf(this.#state);
    return new Map(view?.next_pane === "bank" ? view.bank.health.map((each) => [each.id, each]) : []);
  };

  readonly launched = (): void => {
    this.#around.tell({ name: "flow_launched_in_browser", metadata: {} });
  };

  readonly askToLeave = (): void => {
    // Escape puts away the question that is asked: whoever is there to press it needs more time.
    if (this.#state.hurried) this.extend();
    else if (this.#state.leaving) this.stay();
    else if (isWorkLost(this.#state)) this.#happen({ type: "asked to leave" });
    else this.leave();
  };

  readonly extend = (): void => {
    void this.#send(this.#around.api.extend);
  };

  readonly resume = (): void => {
    this.#happen({ type: "resumed" });
    this.recheck();
  };

  readonly stay = (): void => {
    this.#happen({ type: "stayed" });
  };

  readonly leave = (): void => {
    void this.#leave();
  };

  readonly recheck = (): void => {
    const view = viewOf(this.#state);
    if (!view || isSettled(view) || this.#isAsking || this.#isRechecking) return;
    this.#isRechecking = true;
    void this.#around.api
      .view()
      .then(this.#learn, this.#learnRefusal)
      .finally(() => {
        this.#isRechecking = false;
      });
  };

  readonly #learn = (view: View): void => {
    this.#happen({ type: "pushed", view });
  };

  readonly #warn = (): void => {
    this.#happen({ type: "time is running out" });
  };

  // Unasked for, only a refusal is news: a server out of reach will be asked again.
  readonly #learnRefusal = (problem: unknown): void => {
    if (problem instanceof Trouble && problem.kind === "refused") {
      this.#happen({ type: "failed", trouble: problem });
    }
  };

  #end(outcome: Outcome): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.#watching?.abort();
    clearTimeout(this.#expiry);
    clearTimeout(this.#warning);
    this.#around.finish(outcome);
  }

  #happen(happening: Happening): void {
    if (this.#isFinished) return;
    if (happening.type === "failed" && happening.trouble.kind === "refused") {
      const isExpired = happening.trouble.refusal?.code === "session_expired";
      const errorCode = isExpired ? "session_expired" : "unexpected_error";
      this.#around.tell({ name: "error", metadata: { errorCode } });
    }
    const before = viewOf(this.#state);
    this.#state = reduce(this.#state, happening);
    const after = viewOf(this.#state);
    if (after && after !== before) this.#arrive(before, after);
    this.#follow(after);
    if (after?.next_pane === "closed") this.#end(after.result);
    else this.#around.show(this.#state);
  }

  #arrive(before: View | null, after: View): void {
    eventsBetween(before?.next_pane ?? null, after).forEach(this.#around.tell);
    clearTimeout(this.#expiry);
    clearTimeout(this.#warning);
    if (isSettled(after)) return;
    // The server alone decides that a Session has ended; this only asks it in time.
    const left = after.expires_at * 1000 - this.#around.now();
    this.#expiry = setTimeout(this.recheck, Math.min(Math.max(1_000, left), LONGEST_TIMER_MS));
    const isWarned = before?.expires_at === after.expires_at && left < WARNED_MS;
    if (!after.extensible || left < 0 || isWarned) return;
    this.#warning = setTimeout(this.#warn, Math.min(Math.max(0, left - WARNED_MS), LONGEST_TIMER_MS));
  }

  // Only while the bank has the word does the server learn things before the modal does.
  #follow(view: View | null): void {
    if (!view || !isAtBank(view)) {
      this.#watching?.abort();
      this.#watching = null;
    } else if (!this.#watching) {
      this.#watching = new AbortController();
      const { signal } = this.#watching;
      void watch({ api: this.#around.api, show: this.#learn, refuse: this.#learnRefusal, signal });
    }
  }

  /** Take a step from the View on screen. */
  async #step(take: (version: number) => Promise<View>): Promise<void> {
    const view = viewOf(this.#state);
    if (view) await this.#send(() => take(view.version));
  }

  async #send(ask: () => Promise<View>, first: Happening = { type: "sent" }): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    this.#happen(first);
    try {
      this.#happen({ type: "answered", view: await ask() });
    } catch (problem) {
      if (!(problem instanceof Trouble)) throw problem;
      this.#happen({ type: "failed", trouble: problem });
    } finally {
      this.#isAsking = false;
    }
  }

  async #open(): Promise<void> {
    const { api, opening } = this.#around;
    const slow = setTimeout(() => {
      this.#happen({ type: "delayed" });
    }, SLOW_AFTER_MS);
    await this.#send(() => api.open(opening), { type: "opening" });
    clearTimeout(slow);
    // A refusal at launch is for the page to read; a person could do nothing about it.
    const { screen } = this.#state;
    if (screen.at === "stuck" && screen.trouble.kind === "refused") {
      this.#end({ error: launchError(screen.trouble) });
    }
  }

  async #leave(): Promise<void> {
    const { screen } = this.#state;
    const result = "view" in screen ? screen.view.result : undefined;
    if (result) {
      this.#end(result);
    } else if (screen.at === "stuck" && screen.trouble.kind === "refused") {
      this.#end({ error: launchError(screen.trouble) });
    } else if (!this.#isLeaving) {
      this.#isLeaving = true;
      await this.#close();
      this.#isLeaving = false;
    }
  }

  async #close(): Promise<void> {
    const version = viewOf(this.#state)?.version ?? null;
    this.#happen({ type: "sent" });
    try {
      const last = await this.#around.api.close(version);
      // Accounts that were linked after all are a success, even to someone who is leaving;
      // a tab that was left behind leaves alone.
      if (last.result && last.next_pane !== "closed") this.#end(last.result);
      this.#happen({ type: "answered", view: last });
    } catch (problem) {
      if (!(problem instanceof Trouble)) throw problem;
      this.#end({ error: launchError(problem) });
    }
  }
}

/** Begin a flow; what comes back is all that the panes may ask of it. */
export function startFlow(surroundings: Surroundings): Actions {
  const flow = new Flow(surroundings);
  surroundings.tell({ name: "open", metadata: {} });
  flow.open();
  return flow;
}
