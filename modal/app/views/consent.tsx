/** The pane that says who will see what, for how long, and how it ends. */
import type { JSX } from "preact";
import type { PaneProps } from "../pane.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Tick } from "../ui/icons.tsx";
import { Pair } from "../ui/pair.tsx";
import { Title } from "../ui/title.tsx";

export function Consent({ view, act, words, isSending }: PaneProps<"consent">): JSX.Element {
  const { consent, merchant } = view;
  return (
    <>
      <main>
        <Pair merchant={merchant} institution={consent.institution} state="open" />
        <Title text={words("consent.title", { merchant: merchant.name, bank: consent.institution.name })} />
        <p class="lead">{words("consent.text")}</p>
        <ul class="items">
          {consent.items.map(({ title, text }) => (
            <li key={title}>
              <span class="mark">
                <Tick />
              </span>
              <div>
                <p class="strong">{title}</p>
                <p>{text}</p>
              </div>
            </li>
          ))}
        </ul>
        <p class="card">{consent.notice}</p>
      </main>
      <Footer secured={words("secured")}>
        <Button testId="ls-consent-agree" isBusy={isSending} onPress={act.consent}>
          {words("consent.agree")}
        </Button>
      </Footer>
    </>
  );
}
