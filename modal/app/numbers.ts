/** What the numbers of a bank account in the US must be like. */

export type Wrong =
  | "routing_missing"
  | "routing_length"
  | "routing_wrong"
  | "account_missing"
  | "account_wrong"
  | "again_wrong";

export interface Typed {
  readonly routing: string;
  readonly account: string;
  readonly again: string;
}

// ABA routing number policy: the weighted sum of the digits is a multiple of ten.
const WEIGHTS = [3, 7, 1];

/** The digits of what was typed or pasted, which may have spaces and hyphens among them. */
export function digitsOf(text: string): string {
  return text.replace(/[\s-]/g, "");
}

export function isRoutingNumber(digits: string): boolean {
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (WEIGHTS[at % 3] ?? 0), 0);
  return /^\d{9}$/.test(digits) && sum % 10 === 0;
}

function wrongRouting(digits: string): Wrong | null {
  if (digits === "") return "routing_missing";
  if (!/^\d{9}$/.test(digits)) return "routing_length";
  return isRoutingNumber(digits) ? null : "routing_wrong";
}

function wrongAccount(digits: string): Wrong | null {
  if (digits === "") return "account_missing";
  return /^\d{4,17}$/.test(digits) ? null : "account_wrong";
}

/** What is wrong with each field, null where nothing is. */
export function wrongIn({ routing, account, again }: Typed): Readonly<Record<keyof Typed, Wrong | null>> {
  const digits = digitsOf(account);
  return {
    routing: wrongRouting(digitsOf(routing)),
    account: wrongAccount(digits),
    again: digits === digitsOf(again) ? null : "again_wrong",
  };
}
