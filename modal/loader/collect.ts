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
import { openDialog } from "./dialog.ts";

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
    message:
      "The account linking window could not be loaded. Check the network connection, and that this page's origin is allowed.",
  },
};

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
    // The frame's page comes in the person's language, so that is asked for in its address.
    const wanted = flow.locale === null ? navigator.languages : [flow.locale];
    const asked = new URLSearchParams({ key: flow.key, locale: wanted.join() });
    const address = `${flow.server}/link/frame?${asked.toString()}`;
    const leave =
      flow.task.kind === "call"
        ? null
        : () => {
            say({ type: "escape" });
          };
    const dialog = openDialog(address, wanted, flow.theme, leave);

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
    dialog.frame.addEventListener(
      "load",
      () => {
        const { clientSecret, key, theme, appearance, nonce, task } = flow;
        const open: Open = {
          linkspan: PROTOCOL,
          type: "open",
          clientSecret,
          key,
          theme,
          appearance,
          nonce,
          task,
        };
        dialog.frame.contentWindow?.postMessage(open, flow.server, [theirs]);
      },
      { once: true },
    );
    if (flow.signal?.aborted) abort();
    else flow.signal?.addEventListener("abort", abort);
  });
}
