/** Learns of changes the server made by itself: pushed where a stream holds, polled where it does not. */
import type { Api } from "./api.ts";
import type { View } from "./view.ts";

const SOONEST_MS = 500;
const LATEST_MS = 5_000;
// A stream may die without a sign (a sleeping laptop, a proxy), so a living one is not quite believed.
const BEHIND_A_STREAM_MS = 15_000;

/** How long to wait before asking again, after so many tries. */
export function pauseAfter(tries: number): number {
  return Math.min(LATEST_MS, SOONEST_MS * 2 ** tries);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (signal.aborted) end();
    else signal.addEventListener("abort", end);
  });
}

export interface Watching {
  readonly api: Pick<Api, "changes" | "view">;
  readonly show: (view: View) => void;
  /** Told what went wrong with a question, to decide what of it is news. */
  readonly refuse: (problem: unknown) => void;
  readonly signal: AbortSignal;
}

/** Keep the View fresh until `signal` ends it. */
export async function watch({ api, show, refuse, signal }: Watching): Promise<void> {
  let isPushed = false;

  async function listen(): Promise<void> {
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        for await (const view of api.changes(signal)) {
          isPushed = true;
          tries = 0;
          if (!signal.aborted) show(view);
        }
      } catch {
        // A stream that broke tells nothing about the Session; the poll does.
      }
      isPushed = false;
      await pause(pauseAfter(tries), signal);
    }
  }

  async function poll(): Promise<void> {
    for (let tries = 0; ; tries = isPushed ? 0 : tries + 1) {
      await pause(isPushed ? BEHIND_A_STREAM_MS : pauseAfter(tries), signal);
      if (signal.aborted) return;
      await api.view().then(
        (view) => {
          if (!signal.aborted) show(view);
        },
        (problem: unknown) => {
          if (!signal.aborted) refuse(problem);
        },
      );
    }
  }

  await Promise.all([listen(), poll()]);
}
