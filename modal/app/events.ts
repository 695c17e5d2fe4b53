/** Which of Stripe's public events a change of View tells of. */
import type { FlowEvent } from "../messages.ts";
import type { Pane, View } from "./view.ts";

function bankOf(view: View): FlowEvent["metadata"] {
  switch (view.next_pane) {
    case "consent":
      return { institutionName: view.consent.institution.name };
    case "accounts":
      return { institutionName: view.accounts.institution.name };
    case "done":
      return view.done.institution ? { institutionName: view.done.institution.name } : { manualEntry: true };
    default:
      return {};
  }
}

function errorOf(view: View): FlowEvent["metadata"] {
  return view.next_pane === "error" ? { errorCode: view.error.code } : {};
}

interface Telling {
  /** "*" is any pane; null is the start, where a resumed flow must not tell of what it told before. */
  readonly from: Pane | "*" | null;
  readonly to: Pane;
  readonly name: string;
  readonly about?: (view: View) => FlowEvent["metadata"];
}

const TELLINGS: readonly Telling[] = [
  { from: "bank", to: "consent", name: "institution_selected", about: bankOf },
  { from: "consent", to: "login", name: "consent_acquired" },
  { from: "consent", to: "login_form", name: "consent_acquired" },
  { from: "*", to: "accounts", name: "institution_authorized", about: bankOf },
  { from: "accounts", to: "done", name: "accounts_selected" },
  { from: "*", to: "done", name: "success", about: bankOf },
  { from: "*", to: "error", name: "error", about: errorOf },
  { from: null, to: "error", name: "error", about: errorOf },
  { from: "*", to: "closed", name: "cancel" },
  { from: null, to: "closed", name: "cancel" },
];

/** The events between two Views, in order. Nothing is told about a pane that was there already. */
export function eventsBetween(before: Pane | null, after: View): readonly FlowEvent[] {
  if (before === after.next_pane) return [];
  return TELLINGS.filter(({ from, to }) => {
    const isFrom = from === "*" ? before !== null : from === before;
    return isFrom && to === after.next_pane;
  }).map(({ name, about }) => ({ name, metadata: about?.(after) ?? {} }));
}
