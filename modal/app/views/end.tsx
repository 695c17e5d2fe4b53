/** The last words of a page of the server's own, where there is nowhere to go. */
import type { JSX } from "preact";
import type { Words } from "../i18n/words.ts";
import { Title } from "../ui/title.tsx";

interface EndProps {
  readonly kind: "finished" | "refused";
  readonly words: Words;
}

export function End({ kind, words }: EndProps): JSX.Element {
  return (
    <div class="modal" data-pane="end" data-testid={`ls-end-${kind}`}>
      <main class="centered">
        <Title text={words(`end.${kind}.title`)} />
        <p class="lead">{words(`end.${kind}.message`)}</p>
      </main>
    </div>
  );
}
