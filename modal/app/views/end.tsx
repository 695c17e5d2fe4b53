/** The last words of a page of the server's own, where there is nowhere to go. */
import type { JSX } from "preact";
import { Title } from "../ui/title.tsx";

interface EndProps {
  readonly kind: "finished" | "refused";
  readonly title: string;
  readonly message: string;
}

export function End({ kind, title, message }: EndProps): JSX.Element {
  return (
    <div class="modal" data-pane="end" data-testid={`ls-end-${kind}`}>
      <main class="centered">
        <Title text={title} />
        <p class="lead">{message}</p>
      </main>
    </div>
  );
}
