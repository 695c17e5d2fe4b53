/** Asks of what kind an account is, where the bank does not tell. */
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import type { Words } from "../i18n/words.ts";
import type { Candidate } from "../view.ts";

interface Props {
  readonly account: Candidate;
  readonly kinds: readonly string[];
  readonly words: Words;
  readonly value: string;
  readonly isMissing: boolean;
  readonly tell: (kind: string) => void;
}

const KINDS = ["checking", "savings", "mortgage", "line_of_credit", "credit_card"] as const;

export function nameOfKind(name: string, words: Words): string {
  const known = KINDS.find((kind) => kind === name);
  return words(`accounts.kinds.${known ?? "other"}`);
}

export function KindOf({ account, kinds, words, value, isMissing, tell }: Props): JSX.Element {
  const id = useId();
  return (
    <div class="kind">
      <label for={id}>
        {words("accounts.kind", { account: account.display_name ?? words("accounts.unnamed") })}
      </label>
      <select
        id={id}
        name={`kind-${account.id}`}
        data-testid={`ls-kind-${account.id}`}
        aria-invalid={isMissing}
        value={value}
        onChange={(event) => {
          tell(event.currentTarget.value);
        }}
      >
        <option value="">{words("accounts.kind_unsaid")}</option>
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {nameOfKind(kind, words)}
          </option>
        ))}
      </select>
    </div>
  );
}
