/** The dialog in the merchant's page: a native modal that leaves no trace when it is gone. */
import type { Theme } from "../messages.ts";
import css from "./style.css";
import titles from "./titles.json";

const RIGHT_TO_LEFT = ["ar", "he"];

export interface Dialog {
  readonly frame: HTMLIFrameElement;
  /** Settled once the frame can be spoken to. */
  readonly loaded: Promise<unknown>;
  /** Show the frame in place of the skeleton, under the title it came with. */
  readonly reveal: (title: string) => void;
  /** Take everything out of the page; focus goes back to where it was. */
  readonly remove: () => void;
}

function element<K extends keyof HTMLElementTagNameMap>(name: K): HTMLElementTagNameMap[K] {
  return document.createElement(name);
}

// The sandbox keeps the frame from navigating the page. Popups are the bank's own pages, so they leave it.
// A page of the server's own origin gets none: there it would hold nothing, as browsers rightly complain.
const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";

function frameAt(address: string): HTMLIFrameElement {
  const frame = element("iframe");
  if (new URL(address).origin !== location.origin) frame.setAttribute("sandbox", SANDBOX);
  frame.allow = "clipboard-write";
  frame.referrerPolicy = "no-referrer";
  frame.src = address;
  return frame;
}

function skeleton(): HTMLElement {
  const bones = element("div");
  bones.ariaHidden = "true";
  bones.append(...Array.from({ length: 6 }, () => element("i")));
  return bones;
}

/** The first of the wanted languages there is a title in; the frame says the last word. */
function languageOf(wanted: readonly string[]): string {
  const languages = wanted.map((tag) => tag.toLowerCase().split("-")[0] ?? "");
  return languages.find((language) => Object.hasOwn(titles, language)) ?? "en";
}

/** What stands in the page: unseen until the dialog opens. */
interface Parts {
  readonly host: HTMLElement;
  readonly dialog: HTMLDialogElement;
  readonly frame: HTMLIFrameElement;
  readonly loaded: Promise<unknown>;
}

function build(address: string): Parts {
  const host = element("linkspan-modal" as "div");
  const root = host.attachShadow({ mode: "open" });
  // A constructed sheet is CSSOM, so it needs nothing of the page's style-src.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];

  const dialog = element("dialog");
  const frame = frameAt(address);
  const loaded = new Promise((resolve) => {
    frame.onload = resolve;
  });
  dialog.append(frame);
  root.append(dialog);
  document.documentElement.append(host);
  return { host, dialog, frame, loaded };
}

/** Null from the first click on: a frame that comes after it would come too late. */
let ahead: Parts | null | undefined;

/** Load the frame at `address` before anybody asks for it, once: a click then finds it read and ready. */
export function prepare(address: string): void {
  if (ahead === undefined) ahead = build(address);
}

/** What was prepared, for the first who asks for just that; a frame that waited in vain is taken away. */
function partsFor(address: string): Parts {
  const ready = ahead;
  ahead = null;
  if (ready?.frame.src === address && ready.host.isConnected) return ready;
  ready?.host.remove();
  return build(address);
}

/** Open the dialog at once, with a skeleton until the frame is there; unseen where nobody may leave it. */
export function openDialog(
  address: string,
  wanted: readonly string[],
  theme: Theme,
  leave: (() => void) | null,
): Dialog {
  const { host, dialog, frame, loaded } = partsFor(address);
  const bones = skeleton();
  dialog.dataset["theme"] = theme;
  const language = languageOf(wanted);
  const name = (title: string): void => {
    dialog.ariaLabel = title;
    frame.title = title;
  };
  name(titles[language] ?? titles.en);
  dialog.lang = language;
  dialog.dir = RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
  dialog.prepend(bones);

  let open = true;
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave?.();
  });
  dialog.addEventListener("close", () => {
    // Browsers let a second Esc through whatever the page says; the person is asked all the same.
    if (!open) return;
    dialog.showModal();
    leave?.();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) leave?.();
  });
  if (leave) dialog.showModal();

  return {
    frame,
    loaded,
    reveal(title) {
      name(title);
      frame.dataset["ready"] = "";
      bones.remove();
      frame.focus();
    },
    remove() {
      open = false;
      dialog.close();
      host.remove();
    },
  };
}
