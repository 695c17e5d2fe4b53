/** Searching for a bank while the person types. */
import type { Institution } from "./view.ts";

export type Search =
  | { readonly at: "featured" }
  | { readonly at: "searching"; readonly query: string; readonly banks: readonly Institution[] | null }
  | { readonly at: "found"; readonly query: string; readonly banks: readonly Institution[] }
  | { readonly at: "failed"; readonly query: string };

// Stripe's own modal waits as long: short enough to feel instant, long enough to skip most keys.
const DEBOUNCE_MS = 200;

export interface Searcher {
  readonly type: (text: string) => void;
  readonly stop: () => void;
}

/** Answer typed text with searches, one at a time on screen: an answer to an older text is dropped. */
export function startSearch(
  find: (query: string) => Promise<readonly Institution[]>,
  show: (search: Search) => void,
): Searcher {
  let newest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: readonly Institution[] | null = null;

  async function run(query: string, mine: number): Promise<void> {
    const search = await find(query).then(
      (banks): Search => ({ at: "found", query, banks }),
      (): Search => ({ at: "failed", query }),
    );
    if (mine !== newest) return;
    last = search.at === "found" ? search.banks : null;
    show(search);
  }

  function stop(): void {
    newest += 1;
    clearTimeout(timer);
  }

  return {
    type(text) {
      stop();
      const query = text.trim();
      if (query === "") {
        last = null;
        show({ at: "featured" });
        return;
      }
      show({ at: "searching", query, banks: last });
      timer = setTimeout((mine: number) => void run(query, mine), DEBOUNCE_MS, newest);
    },
    stop,
  };
}
