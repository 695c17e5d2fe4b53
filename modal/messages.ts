/** Every message between the merchant's page and the frame. */
import type { Appearance, FlowEvent, Outcome, Theme } from "./linkspan.d.ts";

/** Raised when a message changes its meaning, so that a cached loader never talks past a newer frame. */
export const PROTOCOL = 1;

/** The first message. It goes to exactly the server's origin; all others go over the port that comes with it. */
export interface Open {
  readonly linkspan: typeof PROTOCOL;
  readonly type: "open";
  readonly clientSecret: string;
  readonly key: string;
  readonly theme: Theme;
  readonly appearance: Appearance | null;
  /** What the page wants to find again in the signed result. */
  readonly nonce: string | null;
  /** Which of the page's calls it is; an older loader knows one only. */
  readonly task?: Task;
}

/** What a call wants: to link, an account for a token or for an intent, or nothing to be seen at all. */
export type Task =
  | { readonly kind: "accounts" | "token" }
  | { readonly kind: "payment" | "setup"; readonly data: unknown; readonly expand: unknown }
  | {
      readonly kind: "call";
      readonly of: "payment" | "setup";
      readonly verb: "" | "confirm" | "verify_microdeposits";
      readonly data: unknown;
    };

const KINDS = ["accounts", "token", "payment", "setup", "call"];
const VERBS = ["", "confirm", "verify_microdeposits"];

function isTask(value: unknown): boolean {
  if (!isObject(value) || !KINDS.some((kind) => kind === value["kind"])) return false;
  if (value["kind"] !== "call") return true;
  return (
    ["payment", "setup"].some((of) => of === value["of"]) && VERBS.some((verb) => verb === value["verb"])
  );
}

export type { Appearance, FlowEvent, LaunchError, Outcome, Theme } from "./linkspan.d.ts";

export type FromFrame =
  | { readonly type: "ready"; readonly title: string }
  | { readonly type: "event"; readonly event: FlowEvent }
  | { readonly type: "finish"; readonly result: Outcome };

export type FromPage = { readonly type: "escape" } | { readonly type: "abort" };

// It goes into a header of each request.
const NONCE = /^[\x21-\x7e]{1,255}$/;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** The opening message, or null for anything else that is posted to the window. */
export function readOpen(data: unknown): Open | null {
  const fits =
    isObject(data) &&
    data["linkspan"] === PROTOCOL &&
    data["type"] === "open" &&
    typeof data["clientSecret"] === "string" &&
    typeof data["key"] === "string" &&
    (data["appearance"] === null || isObject(data["appearance"])) &&
    (data["nonce"] === null || (typeof data["nonce"] === "string" && NONCE.test(data["nonce"]))) &&
    (data["task"] === undefined || isTask(data["task"])) &&
    ["auto", "light", "dark"].some((theme) => theme === data["theme"]);
  return fits ? (data as unknown as Open) : null;
}

/** A message of the frame, or null for one this loader does not know. */
export function readFromFrame(data: unknown): FromFrame | null {
  if (!isObject(data)) return null;
  const { type, event, result } = data;
  const fits =
    (type === "ready" && typeof data["title"] === "string") ||
    (type === "event" && isObject(event) && typeof event["name"] === "string") ||
    (type === "finish" && isObject(result) && Object.values(result).some(isObject));
  return fits ? (data as unknown as FromFrame) : null;
}

/** A message of the page, or null for one this frame does not know. */
export function readFromPage(data: unknown): FromPage | null {
  const fits = isObject(data) && (data["type"] === "escape" || data["type"] === "abort");
  return fits ? (data as unknown as FromPage) : null;
}
