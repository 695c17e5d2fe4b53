/** Whose page this is: the merchant's logo, or its initials. */
import type { JSX } from "preact";
import type { View } from "../view.ts";
import { initials, Monogram } from "./monogram.tsx";

interface Props {
  readonly merchant: View["merchant"];
  readonly isLarge?: boolean;
}

// Ink of the modal itself, so that a merchant without a logo does not look like a bank.
const INK = "#22303f";

export function Merchant({ merchant, isLarge = false }: Props): JSX.Element {
  if (merchant.logo === null)
    return <Monogram letters={initials(merchant.name)} color={INK} isLarge={isLarge} />;
  return <img class={isLarge ? "monogram large" : "monogram"} src={merchant.logo} alt="" />;
}
