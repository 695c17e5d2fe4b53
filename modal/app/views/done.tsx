/** The pane that says what was linked. */
import type { JSX } from "preact";
import type { PaneProps } from "../pane.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Tick } from "../ui/icons.tsx";
import { Last4 } from "../ui/last4.tsx";
import { Pair } from "../ui/pair.tsx";
import { Title } from "../ui/title.tsx";

/** What was typed instead of linked: deposits may follow. */
function Typed({ view, words }: Pick<PaneProps<"done">, "view" | "words">): JSX.Element {
  const { done, merchant } = view;
  return (
    <>
      <Title text={words("done.typed_title")} />
      <p class="lead">
        {words("done.typed_text", { merchant: merchant.name, digits: done.typed?.last4 ?? "" })}
      </p>
      {done.has_deposits ? (
        <p class="card" data-testid="ls-done-deposits">
          {words("done.typed_deposits", { merchant: merchant.name })}
        </p>
      ) : null}
    </>
  );
}

function Linked({ view, words }: Pick<PaneProps<"done">, "view" | "words">): JSX.Element {
  const { done, merchant } = view;
  return (
    <>
      <Title text={words("done.title", { count: done.accounts.length })} />
      <p class="lead">
        {words("done.text", { bank: done.institution?.name ?? "", merchant: merchant.name })}
      </p>
      <ul class="linked" aria-label={words("done.list")}>
        {done.accounts.map(({ id, display_name: name, last4 }) => (
          <li key={id}>
            <span class="mark">
              <Tick />
            </span>
            <span class="name strong">{name ?? words("accounts.unnamed")}</span>
            <span class="detail">
              <Last4 digits={last4} words={words} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function Done({ view, act, words }: PaneProps<"done">): JSX.Element {
  const { done, merchant } = view;
  return (
    <>
      <main class="centered">
        <Pair merchant={merchant} institution={done.institution} state="joined" />
        {done.typed ? <Typed view={view} words={words} /> : <Linked view={view} words={words} />}
      </main>
      <Footer secured={words("secured")}>
        <Button testId="ls-done" onPress={act.leave}>
          {words("done.finish", { merchant: merchant.name })}
        </Button>
      </Footer>
    </>
  );
}
