/** One run of the flow: the dialog, the frame in it, and the promise the page waits for. */
import {
  PROTOCOL,
  readFromFrame,
  type Appearance,
  type FlowEvent,
  type FromPage,
  type Open,
  type Outcome,
  type Task,
  type Theme,
} from "../messages.ts";
import { openDialog, prepare } from "./dialog.ts";

export interface Flow {
  readonly server: string;
  readonly key: string;
  readonly clientSecret: string;
  readonly locale: string | null;
  readonly theme: Theme;
  readonly appearance: Appearance | null;
  readonly nonce: string | null;
  readonly task: Task;
  readonly onEvent: ((event: FlowEvent) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

// Long enough for a slow phone on a slow network; after that an answer is kinder than a skeleton.
const READY_WITHIN_MS = 20_000;

const UNREACHABLE: Outcome = {
  error: {
    type: "api_connection_error",
    message: "The window could not be loaded. Check the network, and that this origin is allowed.",
  },
};

type Place = Pick<Flow, "server" | "key" | "locale">;

function wantedBy({ locale }: Place): readonly string[] {
  return locale === null ? navigator.languages : [locale];
}

// The frame's page comes in the person's language, so that is asked for in its address.
function addressOf(place: Place): string {
  const asked = new URLSearchParams({ key: place.key, locale: wantedBy(place).join() });
  return `${place.server}/link/frame?${asked.toString()}`;
}

/** Have the frame there before the click, once the page itself is done and has nothing to do. */
export function getReady(place: Place): void {
  const start = (): void => {
    // A page that is still loading would be held up by one more frame.
    if (document.readyState === "complete") prepare(addressOf(place));
    else addEventListener("load", start);
  };
  (window.requestIdleCallback ?? setTimeout)(start);
}

/** Show the modal and resolve once, however it ends. */
export function collect(flow: Flow): Promise<Outcome> {
  return new Promise((resolve) => {
    const { port1: port, port2: theirs } = new MessageChannel();
    // Messages wait in the port until the frame reads them, so nothing said early is lost.
    const say = (message: FromPage): void => {
      port.postMessage(message);
    };
    const abort = (): void => {
      say({ type: "abort" });
    };
    const leave =
      flow.task.kind === "call"
        ? null
        : () => {
            say({ type: "escape" });
          };
    const dialog = openDialog(addressOf(flow), wantedBy(flow), flow.theme, leave);

    const finish = (outcome: Outcome): void => {
      clearTimeout(timer);
      flow.signal?.removeEventListener("abort", abort);
      port.close();
      dialog.remove();
      resolve(outcome);
    };
    const timer = setTimeout(finish, READY_WITHIN_MS, UNREACHABLE);

    port.onmessage = ({ data }: MessageEvent<unknown>): void => {
      const message = readFromFrame(data);
      if (message?.type === "finish") finish(message.result);
      else if (message?.type === "event") flow.onEvent?.(message.event);
      else if (message) {
        clearTimeout(timer);
        dialog.reveal(message.title);
      }
    };
    void dialog.loaded.then(() => {
      // The rest is what stays on this side.
      const { server, locale, onEvent, signal, ...said } = flow;
      const open: Open = { linkspan: PROTOCOL, type: "open", ...said };
      dialog.frame.contentWindow?.postMessage(open, server, [theirs]);
    });
    if (flow.signal?.aborted) abort();
    else flow.signal?.addEventListener("abort", abort);
  });
}
