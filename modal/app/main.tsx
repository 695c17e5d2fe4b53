/** Entry of the frame: waits for the page that embeds it, then runs one flow. */
import { render } from "preact";
import { readFromPage, readOpen, type FromFrame, type Open } from "../messages.ts";
import { connect } from "./api.ts";
import { START, type State } from "./flow.ts";
import { en } from "./i18n/en.ts";
import { usableLocale } from "./i18n/format.ts";
import { Modal } from "./modal.tsx";
import { startFlow, type Actions } from "./run.ts";
import "./style/tokens.css";
import "./style/frame.css";
import "./style/controls.css";
import "./style/panes.css";

function run(open: Open, hostOrigin: string, port: MessagePort): void {
  const locale = usableLocale(open.locale, navigator.language);
  const root = document.getElementById("root") ?? document.body;
  const post = (message: FromFrame): void => {
    port.postMessage(message);
  };
  document.documentElement.dataset["theme"] = open.theme;

  // The first picture is drawn while startFlow is still running, before it can hand out what panes may do.
  let act: Actions | null = null;
  let latest: State = START;
  const draw = (): void => {
    if (act) render(<Modal state={latest} act={act} words={en} locale={locale} />, root);
  };
  act = startFlow({
    api: connect(open.clientSecret, fetch.bind(window)),
    opening: { locale, host_origin: hostOrigin, key: open.key },
    now: Date.now,
    show: (state) => {
      latest = state;
      draw();
    },
    tell: (event) => {
      post({ type: "event", event });
    },
    finish: (result) => {
      post({ type: "finish", result });
    },
  });
  draw();
  post({ type: "ready" });

  const { askToLeave, leave, recheck } = act;
  port.onmessage = ({ data }: MessageEvent<unknown>): void => {
    const message = readFromPage(data);
    if (message?.type === "escape") askToLeave();
    if (message?.type === "abort") leave();
  };
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") askToLeave();
  });
  // A person who comes back from the bank's tab, from sleep or from a tunnel sees the truth at once.
  for (const name of ["focus", "online", "pageshow"]) addEventListener(name, recheck);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") recheck();
  });
}

function listen(event: MessageEvent<unknown>): void {
  const open = readOpen(event.data);
  const [port] = event.ports;
  // Only the page around this frame may open it, and only once; from then on the port is the only ear.
  if (event.source !== parent || open === null || port === undefined) return;
  removeEventListener("message", listen);
  run(open, event.origin, port);
}

addEventListener("message", listen);
