/** The pane where the numbers of an account are typed. */
import type { JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { digitsOf, isRoutingNumber, wrongIn, type Typed, type Wrong } from "../numbers.ts";
import type { Words } from "../i18n/words.ts";
import type { PaneProps } from "../pane.ts";
import type { Actions } from "../run.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Title } from "../ui/title.tsx";

const FIELDS = ["routing", "account", "again"] as const;
const NOTHING: Typed = { routing: "", account: "", again: "" };

interface NumberProps {
  readonly name: keyof Typed;
  readonly value: string;
  readonly wrong: Wrong | null;
  readonly words: Words;
  readonly enter: (value: string) => void;
  readonly leave: () => void;
}

function NumberField({ name, value, wrong, words, enter, leave }: NumberProps): JSX.Element {
  const id = useId();
  return (
    <div class="entry">
      <label for={id}>{words(`manual.${name}`)}</label>
      <input
        id={id}
        name={name}
        type="text"
        inputMode="numeric"
        class="code"
        dir="ltr"
        autocomplete="off"
        spellcheck={false}
        maxLength={name === "routing" ? 12 : 24}
        value={value}
        aria-invalid={wrong !== null}
        aria-describedby={wrong ? `${id}-wrong` : undefined}
        data-testid={`ls-manual-${name}`}
        onInput={({ currentTarget }) => {
          enter(currentTarget.value);
        }}
        onBlur={leave}
      />
      {wrong ? (
        <p class="hint wrong" id={`${id}-wrong`} data-testid={`ls-manual-${name}-wrong`}>
          {words(`manual.${wrong}`)}
        </p>
      ) : null}
    </div>
  );
}

/** The name of the bank with a routing number, where the server knows it. */
function useBank(bankWith: Actions["bankWith"]): [string | null, (routing: string) => void] {
  const [bank, setBank] = useState<string | null>(null);
  const asked = useRef("");
  function look(routing: string): void {
    const digits = digitsOf(routing);
    if (digits === asked.current) return;
    asked.current = digits;
    setBank(null);
    if (!isRoutingNumber(digits)) return;
    bankWith(digits).then(
      ([first]) => {
        if (asked.current === digits) setBank(first?.name ?? null);
      },
      // Only a kindness: without it the numbers are as good.
      () => undefined,
    );
  }
  return [bank, look];
}

export function Manual({ view, act, words, isSending, say }: PaneProps<"manual">): JSX.Element {
  const { manual } = view;
  const [typed, setTyped] = useState(NOTHING);
  // A mistake is told of once a field was left or sent, not while it is typed.
  const [left, setLeft] = useState<readonly (keyof Typed)[]>([]);
  const [type, setType] = useState("checking");
  const [bank, lookFor] = useBank(act.bankWith);
  const form = useRef<HTMLFormElement>(null);
  const wrong = wrongIn(typed);

  function enter(name: keyof Typed, value: string): void {
    setTyped((before) => ({ ...before, [name]: value }));
    if (name === "routing") lookFor(value);
  }

  function fill(test: { readonly routing_number: string; readonly account_number: string }): void {
    setTyped({ routing: test.routing_number, account: test.account_number, again: test.account_number });
    lookFor(test.routing_number);
    say(words("manual.filled"));
  }

  function submit(event: Event): void {
    event.preventDefault();
    if (isSending) return;
    setLeft(FIELDS);
    const first = FIELDS.find((name) => wrong[name]);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    else {
      act.numbers({
        routing_number: digitsOf(typed.routing),
        account_number: digitsOf(typed.account),
        account_type: type,
      });
    }
  }

  return (
    <form class="whole" ref={form} noValidate onSubmit={submit}>
      <main>
        <Title text={words("manual.title")} />
        <p class="lead">{words(manual.has_deposits ? "manual.text_deposits" : "manual.text")}</p>
        {manual.test ? (
          <button
            type="button"
            class="text"
            data-testid="ls-manual-fill"
            onClick={() => {
              if (manual.test) fill(manual.test);
            }}
          >
            {words("manual.fill")}
          </button>
        ) : null}
        {FIELDS.map((name) => (
          <NumberField
            key={name}
            name={name}
            value={typed[name]}
            wrong={left.includes(name) ? wrong[name] : null}
            words={words}
            enter={(value) => {
              enter(name, value);
            }}
            leave={() => {
              if (typed[name] !== "") setLeft((before) => [...before, name]);
            }}
          />
        ))}
        {bank ? (
          <p class="hint" role="status" data-testid="ls-manual-bank">
            {words("manual.bank", { bank })}
          </p>
        ) : null}
        <fieldset class="choices">
          <legend>{words("manual.kind")}</legend>
          {(["checking", "savings"] as const).map((kind) => (
            <label key={kind}>
              <input
                type="radio"
                name="kind"
                data-testid={`ls-manual-${kind}`}
                checked={type === kind}
                onChange={() => {
                  setType(kind);
                }}
              />
              <span>{words(`accounts.kinds.${kind}`)}</span>
            </label>
          ))}
        </fieldset>
      </main>
      <Footer secured={words("manual.secured")}>
        <Button testId="ls-manual-submit" isSubmit isBusy={isSending}>
          {words("manual.submit")}
        </Button>
        {manual.has_banks ? (
          <Button kind="plain" testId="ls-manual-back" isBusy={isSending} onPress={act.back}>
            {words("manual.cancel")}
          </Button>
        ) : null}
      </Footer>
    </form>
  );
}
