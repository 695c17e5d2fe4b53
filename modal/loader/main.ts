/** Entry of the script in the merchant's page: defines `window.Linkspan`, which is `window.Stripe` too. */
import type { LinkspanConstructor } from "../linkspan.d.ts";
import { stripeFor, type Stripe } from "./stripe.ts";

declare global {
  interface Window {
    Stripe?: unknown;
  }
}

// A module script has no currentScript, so it is looked for by the paths the server serves it at.
const OURS = /\/(v3\/?|linkspan\.js|stripe\.js)$/;

function ownAddress(): string {
  const current = document.currentScript;
  if (current instanceof HTMLScriptElement) return current.src;
  const last = [...document.scripts].filter(({ src }) => src && OURS.test(new URL(src).pathname)).pop();
  return last?.src ?? location.href;
}

// Whoever was there first stays: this script loaded twice, or the real Stripe.js on a page that needs both.
if (typeof window.Linkspan !== "function") {
  const stripe: Stripe = stripeFor(new URL(ownAddress()).origin);
  // What is published is what is there: the compiler holds the one against the other.
  const published: LinkspanConstructor = stripe;
  Object.assign(window, { Linkspan: published });
  if (typeof window.Stripe !== "function") window.Stripe = stripe;
}
