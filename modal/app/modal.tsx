/** The frame around every pane: header, live region, the pane itself. */
import type { JSX } from "preact";
import { useCallback, useState } from "preact/hooks";
import { viewOf, type State } from "./flow.ts";
import type { Words } from "./i18n/words.ts";
import type { PaneProps } from "./pane.ts";
import type { Actions } from "./run.ts";
import { Arrow, Cross } from "./ui/icons.tsx";
import { Merchant } from "./ui/merchant.tsx";
import { Accounts } from "./views/accounts.tsx";
import { Bank } from "./views/bank.tsx";
import { Boot } from "./views/boot.tsx";
import { Consent } from "./views/consent.tsx";
import { Done } from "./views/done.tsx";
import { Elsewhere } from "./views/elsewhere.tsx";
import { ErrorPane, Stuck } from "./views/error.tsx";
import { Exit } from "./views/exit.tsx";
import { Hurry } from "./views/hurry.tsx";
import { Login } from "./views/login.tsx";
import { formKey, LoginForm } from "./views/login_form.tsx";
import { Manual } from "./views/manual.tsx";
import type { Pane, View } from "./view.ts";

export interface ModalProps {
  readonly state: State;
  /** Null before there is a flow: the first picture is drawn while the page is still busy elsewhere. */
  readonly act: Actions | null;
  readonly words: Words;
  readonly locale: string;
}

function PaneFor({
  view,
  ...given
}: Omit<PaneProps<Pane>, "view"> & { readonly view: View }): JSX.Element | null {
  switch (view.next_pane) {
    case "bank":
      return <Bank view={view} {...given} />;
    case "consent":
      return <Consent view={view} {...given} />;
    case "login":
      return <Login key={view.login.institution.id} view={view} {...given} />;
    case "login_form":
      return <LoginForm key={formKey(view)} view={view} {...given} />;
    case "accounts":
      return <Accounts view={view} {...given} />;
    case "manual":
      return <Manual view={view} {...given} />;
    case "done":
      return <Done view={view} {...given} />;
    case "error":
      return <ErrorPane view={view} {...given} />;
    case "closed":
      return null;
  }
}

function nameOf(state: State): string {
  if (state.screen.at === "stuck") return "error";
  if (state.screen.at === "elsewhere") return "elsewhere";
  return viewOf(state)?.next_pane ?? "boot";
}

function Header({ state, act, words }: ModalProps): JSX.Element {
  const view = viewOf(state);
  return (
    <header>
      {view?.next_pane === "consent" && !view.one_bank ? (
        <button
          type="button"
          class="round"
          data-testid="ls-back"
          aria-label={words("back")}
          onClick={act?.back}
        >
          <Arrow />
        </button>
      ) : null}
      <p class="merchant">
        {view ? (
          <>
            <Merchant merchant={view.merchant} /> <span>{view.merchant.name}</span>
          </>
        ) : null}
      </p>
      {view && !view.livemode ? <span class="test">{words("test_mode")}</span> : null}
      <button
        type="button"
        class="round"
        data-testid="ls-close"
        aria-label={words("close")}
        onClick={act?.askToLeave}
      >
        <Cross />
      </button>
    </header>
  );
}

export function Modal(props: ModalProps): JSX.Element {
  const { state, act, words, locale } = props;
  const { screen, sending: isSending, leaving, hurried } = state;
  const [news, setNews] = useState("");
  const say = useCallback((text: string) => {
    setNews(text);
  }, []);
  return (
    <div class="modal" data-pane={nameOf(state)} data-version={viewOf(state)?.version}>
      <Header {...props} />
      {screen.at === "pane" && screen.problem ? (
        <p class="banner" role="alert">
          {words("trouble.banner")}
        </p>
      ) : null}
      <div class="pane" key={nameOf(state)}>
        {screen.at === "boot" ? <Boot words={words} isSlow={screen.slow} /> : null}
        {screen.at === "stuck" && act ? (
          <Stuck {...{ trouble: screen.trouble, act, words, isSending, say }} />
        ) : null}
        {screen.at === "elsewhere" && act ? <Elsewhere act={act} words={words} /> : null}
        {screen.at === "pane" && act ? (
          <PaneFor {...{ view: screen.view, act, words, locale, isSending, say }} />
        ) : null}
      </div>
      {leaving && !hurried && screen.at === "pane" && act ? (
        <Exit merchant={screen.view.merchant.name} act={act} words={words} isSending={isSending} />
      ) : null}
      {hurried && screen.at === "pane" && act ? (
        <Hurry endsAt={screen.view.expires_at} {...{ act, words, locale, isSending }} />
      ) : null}
      <p class="unseen" role="status" aria-live="polite" data-testid="ls-news">
        {screen.at === "boot" && screen.slow ? words("boot.slow") : news}
      </p>
    </div>
  );
}
