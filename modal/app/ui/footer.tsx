/** What stays in sight below every pane: its actions, and a word of reassurance. */
import type { ComponentChildren, JSX } from "preact";
import { Lock } from "./icons.tsx";

interface Props {
  readonly secured: string;
  readonly children?: ComponentChildren;
}

export function Footer({ secured, children }: Props): JSX.Element {
  return (
    <footer>
      {children}
      <p class="secured">
        <Lock /> {secured}
      </p>
    </footer>
  );
}
