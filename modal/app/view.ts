/** What the server says the modal is to show. */
import type { Outcome } from "../messages.ts";
import {
  flag,
  integer,
  isRecord,
  listOf,
  Malformed,
  nullable,
  oneOf,
  shape,
  text,
  textLike,
  type Read,
} from "./shape.ts";

const about = {
  id: text,
  name: text,
  url: nullable(text),
  color: textLike(/^#[0-9a-f]{6}$/i),
  monogram: text,
  // It becomes the address of a picture.
  logo: nullable(textLike(/^\/link\/logos\/\w+$/)),
};

const institution = shape(about);

const health = {
  status: oneOf("active", "degraded", "inactive"),
  // When it is expected to answer again.
  back_at: nullable(integer),
  takes_seconds: nullable(integer),
};

// An institution as one may choose it.
const row = shape({
  ...about,
  // Tells it from others of its name.
  place: nullable(text),
  linkable: flag,
  ...health,
});

const candidate = shape({
  id: text,
  display_name: nullable(text),
  last4: nullable(text),
  category: text,
  subcategory: text,
  // Of what kind it is, only the person can tell.
  asks_kind: flag,
  balance: nullable(shape({ amount: integer, currency: textLike(/^[a-z]{3}$/) })),
  eligible: flag,
  reason: nullable(text),
  // The holder has linked it before; it is not linked twice.
  linked: flag,
  selected: flag,
});

const ends = {
  financialConnectionsSession: shape({ id: text, accounts: listOf(shape({ id: text })) }),
  paymentIntent: shape({ id: text, status: text }),
  setupIntent: shape({ id: text, status: text }),
} as const;

/** What the page's call resolves to, with a signature beside it where the page sent a nonce. */
function result(value: unknown, at: string): Result {
  if (isRecord(value)) {
    for (const name of Object.keys(ends) as (keyof typeof ends)[]) {
      if (name in value) {
        ends[name](value[name], `${at}.${name}`);
        return value as unknown as Result;
      }
    }
  }
  throw new Malformed(at);
}

const field = shape({
  name: text,
  kind: oneOf("text", "password", "code", "choice", "token"),
  label: text,
  options: listOf(shape({ value: text, label: text })),
  autocomplete: text,
});

const panes = {
  // Of institutions that are not well, whether they are among the featured or not.
  bank: shape({
    featured: listOf(row),
    health: listOf(shape({ id: text, ...health })),
    // The numbers of an account may be typed instead, here or in the page that asks for them.
    can_type: flag,
  }),
  consent: shape({
    institution,
    permissions: listOf(text),
    items: listOf(shape({ title: text, text })),
    notice: text,
  }),
  login: shape({
    institution,
    status: oneOf("ready", "opened"),
    // It becomes the address of a link, so nothing but the server's own bridge page is taken.
    bridge_url: textLike(/^\/link\/bridge\/[\w.~-]+$/),
  }),
  login_form: shape({
    institution,
    about: oneOf("credentials", "challenge", "token"),
    status: oneOf("ready", "checking"),
    title: text,
    text,
    said: nullable(text),
    fields: listOf(field),
    problem: nullable(text),
    // It becomes the address of a link.
    help: nullable(shape({ url: textLike(/^https?:\/\//), label: text })),
    submit: text,
    ends_at: nullable(integer),
  }),
  accounts: shape({
    institution,
    accounts: listOf(candidate),
    limit: nullable(integer),
    kinds: listOf(text),
    must_say_kind: flag,
  }),
  manual: shape({
    // What test mode fills in.
    test: nullable(shape({ routing_number: text, account_number: text })),
    has_deposits: flag,
    has_banks: flag,
  }),
  done: shape({
    // The account that was typed, where none was linked.
    typed: nullable(shape({ last4: nullable(text), bank_name: nullable(text) })),
    has_deposits: flag,
    institution: nullable(institution),
    accounts: listOf(shape({ id: text, display_name: nullable(text), last4: nullable(text) })),
  }),
  error: shape({
    code: text,
    reason: text,
    title: text,
    message: text,
    actions: listOf(text),
    support_id: nullable(text),
    // When the bank says that it answers again.
    back_at: nullable(integer),
    // How many accounts there were, where none would do.
    found: nullable(integer),
    institution: nullable(institution),
  }),
  closed: shape({}),
} as const;

const frame = shape({
  object: oneOf("linkspan.view"),
  session: text,
  version: integer,
  livemode: flag,
  expires_at: integer,
  // Whether more time may be asked for.
  extensible: flag,
  // Another tab went on since the View that this one shows, so nothing was done.
  continued_elsewhere: flag,
  merchant: shape({ name: text, logo: nullable(text) }),
  multiple: flag,
  // The program chose the bank, so no other is offered.
  one_bank: flag,
  // Not null on a page of the server's own, which leads somewhere afterwards.
  hosted: nullable(shape({ return_url: nullable(text) })),
  next_pane: oneOf("bank", "consent", "login", "login_form", "accounts", "manual", "done", "error", "closed"),
});

export type Institution = Read<typeof institution>;
export type Row = Read<typeof row>;
export type Health = Pick<Row, keyof typeof health>;
export type Candidate = Read<typeof candidate>;
export type Field = Read<typeof field>;
export type Result = Exclude<Outcome, { readonly error: unknown }>;
export type Pane = keyof typeof panes;
export type Block<P extends Pane> = Read<(typeof panes)[P]>;

type Frame = Omit<Read<typeof frame>, "next_pane">;
type Ending = "done" | "closed";

/** Exactly one pane at a time, with exactly the block that it needs. */
export type View = {
  readonly [P in Pane]: Frame & { readonly next_pane: P } & {
    readonly [K in P]: Block<P>;
  } & (P extends Ending ? { readonly result: Result } : { readonly result?: Result });
}[Pane];
export type ViewOf<P extends Pane> = Extract<View, { readonly next_pane: P }>;

/** Read a View, or throw `Malformed` where the value is not one: an unknown pane included. */
export function readView(value: unknown): View {
  const { next_pane: pane, continued_elsewhere: isElsewhere } = frame(value, "view");
  const ending = pane === "done" || pane === "closed" || isElsewhere;
  const whole = shape({ [pane]: panes[pane], ...(ending ? { result } : {}) });
  // Each part of the union was read above; only the compiler needs telling.
  return whole(value, "view") as unknown as View;
}

const institutions = shape({ object: oneOf("list"), data: listOf(row) });

/** Read the answer to a search. */
export function readInstitutions(value: unknown): readonly Row[] {
  return institutions(value, "list").data;
}

const refusal = shape({ error: shape({ type: text, message: text }) });

export type Refusal = Read<typeof refusal>["error"];

/** Read the body of a refused request. */
export function readRefusal(value: unknown): Refusal {
  return refusal(value, "refusal").error;
}

/** Read what opens the Session of an intent. */
export function readSecret(value: unknown): string {
  return shape({ client_secret: text })(value, "collecting").client_secret;
}
