/** The pane that says what went wrong, with what can be done about it. */
import type { JSX } from "preact";
import { moment } from "../i18n/format.ts";
import type { Words } from "../i18n/words.ts";
import type { PaneProps } from "../pane.ts";
import type { Actions } from "../run.ts";
import type { Trouble } from "../trouble.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Alert } from "../ui/icons.tsx";
import { Mark } from "../ui/monogram.tsx";
import { Support } from "../ui/support.tsx";
import { Title } from "../ui/title.tsx";
import type { Institution } from "../view.ts";

type Remedy = "retry" | "another_bank" | "manual" | "close";

interface ProblemProps {
  readonly title: string;
  readonly message: string;
  readonly supportId: string | null;
  readonly institution: Institution | null;
  readonly remedies: readonly { readonly name: Remedy; readonly press: () => void }[];
  readonly isSending: boolean;
  readonly words: Words;
  readonly say: (text: string) => void;
}

function Problem({
  title,
  message,
  supportId,
  institution,
  remedies,
  isSending,
  words,
  say,
}: ProblemProps): JSX.Element {
  return (
    <>
      <main class="centered">
        <div class="trouble" aria-hidden="true">
          {institution ? <Mark bank={institution} isLarge /> : null}
          <span class="badge">
            <Alert />
          </span>
        </div>
        <Title text={title} />
        <p class="lead">{message}</p>
        {supportId ? <Support id={supportId} words={words} say={say} /> : null}
      </main>
      <Footer secured={words("secured")}>
        {remedies.map(({ name, press }, index) => (
          <Button
            key={name}
            kind={index === 0 ? "primary" : "plain"}
            testId={`ls-error-${name}`}
            isBusy={isSending}
            onPress={press}
          >
            {words(`error.actions.${name}`)}
          </Button>
        ))}
      </Footer>
    </>
  );
}

/** An ending the server decided. Actions this modal does not know are left out; there is always one to leave by. */
export function ErrorPane({ view, act, words, locale, isSending, say }: PaneProps<"error">): JSX.Element {
  const { title, support_id: supportId, institution, actions, back_at: backAt, found } = view.error;
  const more = [
    backAt === null ? "" : words("bank.back", { time: moment(locale, backAt * 1000, Date.now()) }),
    found === null ? "" : words("error.found", { count: found }),
  ];
  const message = [view.error.message, ...more].filter(Boolean).join(" ");
  const presses: Readonly<Record<Remedy, () => void>> = {
    retry: act.retry,
    another_bank: act.back,
    manual: act.manual,
    close: act.askToLeave,
  };
  const known = (["retry", "another_bank", "manual", "close"] as const).filter((name) =>
    actions.includes(name),
  );
  const remedies = (known.length > 0 ? known : (["close"] as const)).map((name) => ({
    name,
    press: presses[name],
  }));
  return <Problem {...{ title, message, supportId, institution, remedies, isSending, words, say }} />;
}

// Refusals that a person can make sense of, by the code of the server's.
const ENDINGS: Readonly<Record<string, "expired" | "used">> = {
  session_expired: "expired",
  financial_connections_session_already_used: "used",
};

interface StuckProps {
  readonly trouble: Trouble;
  readonly act: Actions;
  readonly words: Words;
  readonly isSending: boolean;
  readonly say: (text: string) => void;
}

/** The server could not be reached or understood. */
export function Stuck({ trouble, act, words, isSending, say }: StuckProps): JSX.Element {
  const close = { name: "close", press: act.leave } as const;
  const remedies =
    trouble.kind === "refused" ? [close] : [{ name: "retry", press: act.open } as const, close];
  const name = ENDINGS[trouble.refusal?.code ?? ""] ?? trouble.kind;
  return (
    <Problem
      {...{ remedies, isSending, words, say }}
      title={words(`trouble.${name}.title`)}
      message={words(`trouble.${name}.message`)}
      supportId={trouble.supportId}
      institution={null}
    />
  );
}
