/** Searching for a bank while the person types. */
import type { Row } from "./view.ts";

export type Search =
  | { readonly at: "featured" }
  | { readonly at: "searching"; readonly query: string; readonly banks: readonly Row[] | null }
  | { readonly at: "found"; readonly query: string; readonly banks: readonly Row[] }
  | { readonly at: "failed"; readonly query: string };

/** What was found without asking the server, and whether it would know more. */
export interface Here {
  readonly banks: readonly Row[];
  readonly isAll: boolean;
}

// Stripe's own modal waits as long: short enough to feel instant, long enough to skip most keys.
const DEBOUNCE_MS = 200;

export interface Searcher {
  readonly type: (text: string) => void;
  readonly stop: () => void;
}

export interface Places {
  /** What is found here, at once; null before there is anything to look through. */
  readonly here: (query: string) => Here | null;
  /** What the server finds. */
  readonly there: (query: string) => Promise<readonly Row[]>;
}

/** Answer typed text with searches, one at a time on screen: an answer to an older text is dropped. */
export function startSearch({ here, there }: Places, show: (search: Search) => void): Searcher {
  let newest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: readonly Row[] | null = null;

  async function run(query: string, mine: number, known: readonly Row[]): Promise<void> {
    const search = await there(query).then(
      (banks): Search => ({ at: "found", query, banks: joined(known, banks) }),
      (): Search => (known.length > 0 ? { at: "found", query, banks: known } : { at: "failed", query }),
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
      const found = here(query);
      if (found?.isAll) {
        last = found.banks;
        show({ at: "found", query, banks: found.banks });
        return;
      }
      const banks = found && found.banks.length > 0 ? found.banks : last;
      show({ at: "searching", query, banks });
      timer = setTimeout((mine: number) => void run(query, mine, found?.banks ?? []), DEBOUNCE_MS, newest);
    },
    stop,
  };
}

/** What was found here stays where it is on screen, with what only the server knows after it. */
function joined(here: readonly Row[], there: readonly Row[]): readonly Row[] {
  const known = new Set(here.map(({ id }) => id));
  return [...here, ...there.filter(({ id }) => !known.has(id))];
}
