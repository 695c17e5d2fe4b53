/** What a page asks of an intent without anything to be seen: the server's API, by the page's own key. */
import type { Outcome, Task } from "../messages.ts";
import { isRecord } from "./shape.ts";

export type Call = Extract<Task, { readonly kind: "call" }>;

/** A form as Stripe's API reads it: `a[b]=1`, `c[0]=2`. */
export function formOf(value: unknown, name = ""): readonly (readonly [string, string])[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => formOf(inner, name ? `${name}[${key}]` : key));
}

/** What Stripe.js makes of what a page says a payment method is: an id, or what one is made of. */
function sent(data: unknown): object {
  if (!isRecord(data)) return {};
  const { payment_method: method, ...others } = data;
  if (!isRecord(method)) return data;
  return { ...others, payment_method_data: { type: "us_bank_account", ...method } };
}

export async function carryOut(
  { of, verb, data }: Call,
  { clientSecret, key }: { readonly clientSecret: string; readonly key: string },
  fetch: typeof globalThis.fetch,
): Promise<Outcome> {
  const [id = ""] = clientSecret.split("_secret_");
  const form = new URLSearchParams(
    [...formOf({ ...sent(data), client_secret: clientSecret })].map(([...pair]) => pair),
  );
  const path = `/v1/${of}_intents/${encodeURIComponent(id)}${verb && `/${verb}`}`;
  const headers = { Authorization: `Bearer ${key}` };
  try {
    const answer = verb
      ? await fetch(path, { method: "POST", headers, body: form })
      : await fetch(`${path}?${form.toString()}`, { headers, cache: "no-store" });
    const body: unknown = await answer.json();
    if (isRecord(body) && !answer.ok && isRecord(body["error"])) return body as unknown as Outcome;
    if (isRecord(body) && answer.ok)
      return of === "payment" ? { paymentIntent: body } : { setupIntent: body };
  } catch {
    // Out of reach, or not what the API answers: told below.
  }
  return { error: { type: "api_connection_error", message: "The server could not be reached." } };
}
