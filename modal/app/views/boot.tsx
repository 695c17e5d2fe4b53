/** The pane before the server has answered. */
import type { JSX } from "preact";
import type { Words } from "../i18n/words.ts";

interface Props {
  readonly words: Words;
  readonly isSlow: boolean;
}

export function Boot({ words, isSlow }: Props): JSX.Element {
  return (
    <main aria-busy="true">
      <h1 class="unseen">{words("boot.title")}</h1>
      <div class="bones" aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
        <i />
        <i />
      </div>
      {isSlow ? <p class="slow">{words("boot.slow")}</p> : null}
    </main>
  );
}
