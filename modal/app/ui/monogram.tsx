/** A bank's or merchant's initials on its own color. */
import type { JSX } from "preact";
import { inkOn } from "./contrast.ts";

interface Props {
  readonly letters: string;
  readonly color: string;
  readonly isLarge?: boolean;
}

/** Decorative: the name always stands beside it. */
export function Monogram({ letters, color, isLarge = false }: Props): JSX.Element {
  return (
    <span
      class={isLarge ? "monogram large" : "monogram"}
      style={{ background: color, color: inkOn(color) }}
      aria-hidden="true"
    >
      {letters}
    </span>
  );
}

/** The first letters of a name's first two words. */
export function initials(name: string): string {
  return name
    .split(/\s+/u)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}
