/** The pane that sends the person to the bank, then waits for them. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { PaneProps } from "../pane.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Lock, Outward } from "../ui/icons.tsx";
import { Pair } from "../ui/pair.tsx";
import { Title } from "../ui/title.tsx";

// The second click of a double click, or of an impatient finger, must not open a second tab.
const ONE_CLICK_MS = 1_000;

/** A link rather than window.open: it is never blocked, and needs nothing of the page around it. */
function useLaunch(launched: () => void): (event: MouseEvent) => void {
  const last = useRef(-Infinity);
  return (event) => {
    if (event.timeStamp - last.current < ONE_CLICK_MS) {
      event.preventDefault();
      return;
    }
    last.current = event.timeStamp;
    launched();
  };
}

export function Login({ view, act, words, isSending, say }: PaneProps<"login">): JSX.Element {
  const { login, merchant } = view;
  const { name: bank } = login.institution;
  const [isLaunched, setLaunched] = useState(false);
  const launch = useLaunch(() => {
    setLaunched(true);
    act.launched();
  });
  const isWaiting = isLaunched || login.status === "opened";
  useEffect(() => {
    if (isWaiting) say(words("login.waiting_news", { bank }));
  }, [isWaiting, bank, words, say]);

  const toBank = { href: login.bridge_url, target: "_blank", rel: "noopener", onClick: launch } as const;
  const cancel = (
    <Button kind="plain" testId="ls-login-cancel" onPress={act.back} isBusy={isSending}>
      {words(view.one_bank ? "login.back" : "login.cancel")}
    </Button>
  );
  return (
    <>
      <main class="centered">
        <Pair merchant={merchant} institution={login.institution} state={isWaiting ? "waiting" : "open"} />
        <Title text={words(isWaiting ? "login.waiting_title" : "login.title", { bank })} />
        <p class="lead">{words(isWaiting ? "login.waiting_text" : "login.text", { bank })}</p>
        {isWaiting ? (
          <div class="card">
            <p>{words("login.lost")}</p>
            <a {...toBank} class="text" data-testid="ls-login-reopen">
              {words("login.reopen")}
              <span class="unseen"> {words("login.new_tab")}</span>
            </a>
          </div>
        ) : (
          <p class="card">
            <Lock /> {words("login.private", { merchant: merchant.name })}
          </p>
        )}
      </main>
      <Footer secured={words("secured")}>
        {isWaiting ? null : (
          <a {...toBank} class="primary" data-testid="ls-login-link">
            <span>{words("login.open", { bank })}</span>
            <Outward />
            <span class="unseen">{words("login.new_tab")}</span>
          </a>
        )}
        {cancel}
      </Footer>
    </>
  );
}
