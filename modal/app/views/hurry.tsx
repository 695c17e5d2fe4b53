/** Says that the time is nearly over, and gives more of it. */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { moment } from "../i18n/format.ts";
import type { Words } from "../i18n/words.ts";
import type { Actions } from "../run.ts";
import { Button } from "../ui/button.tsx";

interface Props {
  readonly endsAt: number;
  readonly act: Actions;
  readonly words: Words;
  readonly locale: string;
  readonly isSending: boolean;
}

export function Hurry({ endsAt, act, words, locale, isSending }: Props): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      class="exit"
      role="alertdialog"
      aria-labelledby="hurry-title"
      aria-describedby="hurry-text"
      onClose={act.extend}
    >
      <h2 id="hurry-title">{words("hurry.title")}</h2>
      <p id="hurry-text">{words("hurry.text", { time: moment(locale, endsAt * 1000, Date.now()) })}</p>
      <Button testId="ls-hurry-extend" isBusy={isSending} onPress={act.extend}>
        {words("hurry.extend")}
      </Button>
      <Button kind="plain" testId="ls-hurry-leave" isBusy={isSending} onPress={act.leave}>
        {words("exit.leave")}
      </Button>
    </dialog>
  );
}
