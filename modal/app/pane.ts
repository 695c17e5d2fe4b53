/** What every pane is given. */
import type { Words } from "./i18n/words.ts";
import type { Actions } from "./run.ts";
import type { Pane, ViewOf } from "./view.ts";

export interface PaneProps<P extends Pane> {
  readonly view: ViewOf<P>;
  readonly act: Actions;
  readonly words: Words;
  readonly locale: string;
  /** A request is on its way. */
  readonly isSending: boolean;
  /** Tell people who listen to the page instead of looking at it. */
  readonly say: (text: string) => void;
}
