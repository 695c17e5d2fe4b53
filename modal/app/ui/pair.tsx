/** Merchant and bank, joined by the link that is being made. */
import type { JSX } from "preact";
import type { Institution, View } from "../view.ts";
import { Tick } from "./icons.tsx";
import { Merchant } from "./merchant.tsx";
import { Mark, Monogram } from "./monogram.tsx";

interface Props {
  readonly merchant: View["merchant"];
  /** None where an account was typed. */
  readonly institution: Institution | null;
  readonly state: "open" | "waiting" | "joined";
}

export function Pair({ merchant, institution, state }: Props): JSX.Element {
  return (
    <div class={`pair ${state}`} aria-hidden="true">
      <Merchant merchant={merchant} isLarge />
      <span class="span">
        {state === "joined" ? (
          <span class="mark">
            <Tick />
          </span>
        ) : null}
      </span>
      {institution ? <Mark bank={institution} isLarge /> : <Monogram letters="•••" color="#54606e" isLarge />}
    </div>
  );
}
