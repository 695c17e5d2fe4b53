/** Asks whether to leave when something would be lost. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Words } from "../i18n/words.ts";
import type { Actions } from "../run.ts";
import { Button } from "../ui/button.tsx";

interface Props {
  readonly merchant: string;
  readonly act: Actions;
  readonly words: Words;
  readonly isSending: boolean;
}

export function Exit({ merchant, act, words, isSending }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="exit"
      aria-labelledby="exit-title"
      aria-describedby="exit-text"
      onClose={act.stay}
    >
      <h2 id="exit-title">{words("exit.title")}</h2>
      <p id="exit-text">{words("exit.text", { merchant })}</p>
      <Button testId="ls-exit-stay" onPress={act.stay}>
        {words("exit.stay")}
      </Button>
      <Button kind="plain" testId="ls-exit-leave" isBusy={isSending} onPress={act.leave}>
        {words("exit.leave")}
      </Button>
    </dialog>
  );
}
