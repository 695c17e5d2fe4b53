/** The last digits of an account, seen as dots before digits, heard as words. */
import type { JSX } from "preact";
import type { Words } from "../i18n/words.ts";

interface Props {
  readonly digits: string | null;
  readonly words: Words;
}

/** Digits run left to right in every language, hence the isolation. */
export function Last4({ digits, words }: Props): JSX.Element | null {
  if (digits === null) return null;
  return (
    <bdi class="digits">
      <span class="unseen">{words("accounts.ending", { digits })}</span>
      <span aria-hidden="true" dir="ltr">
        ••{digits}
      </span>
    </bdi>
  );
}
