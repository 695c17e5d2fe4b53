/** A pane's heading, which takes focus when the pane appears. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  readonly text: string;
  /** Another part of the pane takes focus instead. */
  readonly isQuiet?: boolean;
}

export function Title({ text, isQuiet = false }: Props): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isQuiet) return;
    heading.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
    // Once per heading: a pane that says something new under the same title keeps its focus.
  }, [text, isQuiet]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {text}
    </h1>
  );
}
