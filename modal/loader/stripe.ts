/** The part of Stripe.js that pages and its official wrappers call. */
import type {
  CollectOptions,
  LaunchError,
  LinkspanObject,
  LinkspanOptions,
  Outcome,
  Theme,
} from "../linkspan.d.ts";
import type { Task } from "../messages.ts";
import { collect, getReady } from "./collect.ts";

/** A mistake in the page's code. Thrown or rejected, as Stripe.js does; all else is resolved. */
class IntegrationError extends Error {
  override readonly name = "IntegrationError";
}

/** What a page gives, as long as nobody has looked at it. */
type Given = Partial<Omit<CollectOptions, "clientSecret">> & {
  readonly clientSecret?: unknown;
  readonly params?: unknown;
  readonly expand?: unknown;
};

type Unsupported = (...args: readonly unknown[]) => Promise<{ readonly error: LaunchError }>;

export interface StripeObject extends LinkspanObject {
  /** Wrappers make one for every page; nothing can be put into it. */
  readonly elements: () => object;
  readonly registerAppInfo: () => void;
  readonly _registerWrapper: () => void;
  readonly [method: string]: unknown;
}

export interface Stripe {
  (key: unknown, options?: LinkspanOptions): StripeObject;
  new (key: unknown, options?: LinkspanOptions): StripeObject;
  version: string;
}

// react-stripe-js takes an object for Stripe's only when it has these four; the rest are asked for by
// pages that also take payments, and deserve an answer that says why it does not work.
const UNSUPPORTED = ["createToken", "createPaymentMethod", "confirmCardPayment"];

// The calls that show the modal, and those that show nothing: by the page's word for each.
const SHOWN = {
  collectFinancialConnectionsAccounts: "accounts",
  collectBankAccountToken: "token",
  collectBankAccountForPayment: "payment",
  collectBankAccountForSetup: "setup",
} as const;
const UNSEEN = {
  retrieve: ["Intent", ""],
  confirmUsBankAccount: ["", "confirm"],
  verifyMicrodepositsFor: ["", "verify_microdeposits"],
} as const;

function sentence(method: string): string {
  return `stripe.${method}() is not part of Linkspan, which takes no payments. Load Stripe.js for it.`;
}

function unsupported(method: string): Unsupported {
  return () =>
    Promise.resolve({
      error: { type: "invalid_request_error", code: "unsupported_method", message: sentence(method) },
    });
}

function checkKey(key: unknown): string {
  if (typeof key !== "string" || key === "") {
    throw new IntegrationError("Missing value for Stripe(): a publishable key, such as pk_test_…");
  }
  if (/^[sr]k_/.test(key)) {
    throw new IntegrationError(
      "Stripe() was given a secret key. Use the publishable one, and replace it: it has been in a browser.",
    );
  }
  return key;
}

function checkTheme(theme: Theme): Theme {
  if (theme === "auto" || theme === "light" || theme === "dark") return theme;
  throw new IntegrationError("Invalid value: theme should be auto, light or dark.");
}

function known(locale: string | undefined): string | null {
  return locale === undefined || locale === "auto" ? null : locale;
}

/** Make `window.Stripe` for the server that the script came from. */
export function stripeFor(server: string): Stripe {
  let open = false;

  function run(key: string, defaults: LinkspanOptions, options: Given, task: Task): Promise<Outcome> {
    const { clientSecret, onEvent, signal, theme = "auto", locale = defaults.locale } = options;
    const { appearance = null, nonce = null } = options;
    if (typeof clientSecret !== "string" || clientSecret === "") {
      throw new IntegrationError("Missing value: clientSecret, of a Session or an intent.");
    }
    const checked = checkTheme(theme);
    return collect({
      server,
      key,
      clientSecret,
      locale: known(locale),
      theme: checked,
      appearance,
      nonce,
      onEvent,
      signal,
      task,
    });
  }

  async function show(key: string, defaults: LinkspanOptions, options: Given, task: Task): Promise<Outcome> {
    if (open) throw new IntegrationError("The window is already open.");
    const flow = run(key, defaults, options, task);
    open = true;
    return flow.finally(() => {
      open = false;
    });
  }

  function methodsOf(key: string, defaults: LinkspanOptions): LinkspanObject {
    const shown = Object.entries(SHOWN).map(([name, kind]) => [
      name,
      async (options: Given = {}) => {
        const { params, expand } = options;
        return show(key, defaults, options, { kind, data: params, expand } as Task);
      },
    ]);
    const unseen = (["Payment", "Setup"] as const).flatMap((of) =>
      Object.entries(UNSEEN).map(([name, [end, verb]]) => [
        name + of + end,
        async (clientSecret: unknown, data: unknown) =>
          run(
            key,
            defaults,
            { clientSecret },
            {
              kind: "call",
              of: of === "Payment" ? "payment" : "setup",
              verb,
              data,
            },
          ),
      ]),
    );
    // Each is named above; only the compiler needs telling.
    return Object.fromEntries([...shown, ...unseen]) as LinkspanObject;
  }

  // A plain function that returns an object can be called with and without `new`.
  function Stripe(key: unknown, defaults: LinkspanOptions = {}): StripeObject {
    const checked = checkKey(key);
    getReady({ server, key: checked, locale: known(defaults.locale) });
    return {
      ...methodsOf(checked, defaults),
      elements: () => ({
        create() {
          throw new IntegrationError(sentence("elements"));
        },
        getElement: () => null,
        update() {},
      }),
      registerAppInfo() {},
      _registerWrapper() {},
      ...Object.fromEntries(UNSUPPORTED.map((method) => [method, unsupported(method)])),
    };
  }
  // The release train that @stripe/stripe-js compares with its own; a page may set another.
  return Object.assign(Stripe as unknown as Stripe, { version: "endive" });
}
