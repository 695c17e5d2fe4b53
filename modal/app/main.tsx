/** Entry of the frame: runs one flow for the page that embeds it, or alone when no page does. */
import { render } from "preact";
import {
  readFromPage,
  readOpen,
  type FlowEvent,
  type FromFrame,
  type Open,
  type Outcome,
  type Task,
} from "../messages.ts";
import { connect } from "./api.ts";
import { styleOf } from "./appearance.ts";
import { carryOut } from "./call.ts";
import { START, viewOf, type State } from "./flow.ts";
import { spokenOn } from "./i18n/page.ts";
import { Modal } from "./modal.tsx";
import { startFlow, type Actions } from "./run.ts";
import { isRecord } from "./shape.ts";
import { End } from "./views/end.tsx";
import type { View } from "./view.ts";
import "./style/tokens.css";
import "./style/frame.css";
import "./style/controls.css";
import "./style/panes.css";

const root = document.getElementById("root") ?? document.body;
const { locale, words } = spokenOn(document);

const LINKING: Task = { kind: "accounts" };

interface Launch {
  readonly clientSecret: string;
  readonly key: string;
  readonly nonce: string | null;
  readonly hostOrigin: string;
  readonly task: Task;
  readonly tell: (event: FlowEvent) => void;
  /** How it ended, beside what was on screen then. */
  readonly finish: (outcome: Outcome, last: View | null) => void;
}

/** A name that no other tab gives itself; pages of plain http have no randomUUID. */
function nameOfTab(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(36)).join("");
}

/** What an account is collected with for an intent; null for a Session that the page made itself. */
function wantedOf(task: Task): object | null {
  if (task.kind !== "payment" && task.kind !== "setup") return null;
  const method = isRecord(task.data) ? task.data["payment_method_data"] : null;
  const showsMethod = Array.isArray(task.expand) && task.expand.includes("payment_method");
  return { payment_method_data: method, shows_method: showsMethod };
}

/** Run one flow in this window; what comes back is all that may be asked of it from outside. */
function launch({ clientSecret, key, nonce, hostOrigin, task, tell, finish }: Launch): Actions {
  let act: Actions | null = null;
  let latest: State = START;
  const draw = (): void => {
    render(<Modal state={latest} act={act} words={words} locale={locale} />, root);
  };
  act = startFlow({
    api: connect(
      { clientSecret, locale, nonce, tab: nameOfTab(), wanted: wantedOf(task) },
      fetch.bind(window),
    ),
    opening: { locale, host_origin: hostOrigin, key, purpose: task.kind },
    now: Date.now,
    show: (state) => {
      latest = state;
      draw();
    },
    tell,
    finish: (outcome) => {
      finish(outcome, viewOf(latest));
    },
  });
  draw();

  const { askToLeave, recheck } = act;
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") askToLeave();
  });
  // A person who comes back from the bank's tab, from sleep or from a tunnel sees the truth at once.
  for (const name of ["focus", "online", "pageshow"]) addEventListener(name, recheck);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") recheck();
  });
  return act;
}

/** Run in a frame, for the page around it. */
function runFor(open: Open, hostOrigin: string, port: MessagePort): void {
  const post = (message: FromFrame): void => {
    port.postMessage(message);
  };
  const { task = LINKING } = open;
  if (task.kind === "call") {
    void carryOut(task, open, fetch.bind(window)).then((result) => {
      post({ type: "finish", result });
    });
    return;
  }
  const { dataset, style } = document.documentElement;
  dataset["theme"] = open.theme;
  const complain = (name: string): void => {
    console.warn(`appearance.variables.${name} cannot be used, and was left out.`);
  };
  for (const [name, value] of styleOf(open.appearance, complain)) style.setProperty(name, value);
  const { askToLeave, leave } = launch({
    ...open,
    hostOrigin,
    task,
    tell: (event) => {
      post({ type: "event", event });
    },
    finish: (result) => {
      post({ type: "finish", result });
    },
  });
  post({ type: "ready", title: document.title });
  port.onmessage = ({ data }: MessageEvent<unknown>): void => {
    const message = readFromPage(data);
    if (message?.type === "escape") askToLeave();
    if (message?.type === "abort") leave();
  };
}

/** Run as a page of the server's own, whose address holds what opens the Session. */
function runAlone(clientSecret: string): void {
  document.documentElement.dataset["alone"] = "";
  launch({
    clientSecret,
    key: "",
    nonce: null,
    hostOrigin: location.origin,
    task: LINKING,
    tell: () => undefined,
    finish: (outcome, last) => {
      const kind = "error" in outcome ? "refused" : "finished";
      const next = last?.hosted?.return_url;
      if (next) location.replace(next);
      else render(<End kind={kind} words={words} />, root);
    },
  });
}

function listen(event: MessageEvent<unknown>): void {
  const open = readOpen(event.data);
  const [port] = event.ports;
  // Only the page around this frame may open it, and only once; from then on the port is the only ear.
  if (event.source !== parent || open === null || port === undefined) return;
  removeEventListener("message", listen);
  runFor(open, event.origin, port);
}

// A frame may be there long before anybody opens it; what is drawn now is not drawn while a person waits.
render(<Modal state={START} act={null} words={words} locale={locale} />, root);
if (parent === window && location.hash !== "") runAlone(location.hash.slice(1));
else addEventListener("message", listen);
