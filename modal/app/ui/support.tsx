/** The id that lets support find what happened. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Words } from "../i18n/words.ts";

interface Props {
  readonly id: string;
  readonly words: Words;
  readonly say: (text: string) => void;
}

export function Support({ id, words, say }: Props): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(id);
    } catch {
      // A page may forbid the clipboard; the id can still be selected and copied by hand.
      return;
    }
    setCopied(true);
    say(words("error.copied"));
  }
  return (
    <p class="support">
      <span>{words("error.support")}</span> <code data-testid="ls-support-id">{id}</code>
      <button type="button" class="small" data-testid="ls-copy-support-id" onClick={() => void copy()}>
        {isCopied ? words("error.copied") : words("error.copy")}
      </button>
    </p>
  );
}
