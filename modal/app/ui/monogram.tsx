/** A bank's or merchant's initials on its own color, or a bank's logo. */
import type { JSX } from "preact";
import type { Institution } from "../view.ts";
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

interface MarkProps {
  readonly bank: Institution;
  readonly isLarge?: boolean;
}

/** Decorative, too. */
export function Mark({ bank, isLarge = false }: MarkProps): JSX.Element {
  if (bank.logo === null) return <Monogram letters={bank.monogram} color={bank.color} isLarge={isLarge} />;
  return <img class={isLarge ? "monogram large" : "monogram"} src={bank.logo} alt="" loading="lazy" />;
}

/** The first letters of a name's first two words. */
export function initials(name: string): string {
  const words = name.split(/[\s()]+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}
