/**
 * The types of the script in the merchant's page. A copy comes from the server, at /linkspan.d.ts.
 *
 * Everything that Stripe's own method does not know is ignored by it, so one page works with both.
 */

export type Theme = "auto" | "light" | "dark";

/** The merchant's look, in the words of Stripe's Appearance API. What cannot be read is made readable. */
export interface Appearance {
  readonly variables?: {
    /** "#rrggbb": buttons, links and what is chosen. */
    readonly colorPrimary?: string;
    /** "0px" to "99px". */
    readonly borderRadius?: string;
    /** Fonts of the device; none is fetched. */
    readonly fontFamily?: string;
  };
}

/** What the page may watch; names and metadata are those of Stripe's mobile SDKs. */
export interface FlowEvent {
  readonly name: string;
  readonly metadata: {
    readonly institutionName?: string;
    readonly errorCode?: string;
    /** True where the account was typed instead of linked. */
    readonly manualEntry?: boolean;
  };
}

/** Why a flow could not be launched. It is resolved with, never thrown. */
export interface LaunchError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly param?: string;
}

export type Outcome =
  | {
      readonly financialConnectionsSession: object;
      /** Of `collectBankAccountToken`, unless the person left. */
      readonly token?: object;
      /** A compact JWS over the Session, its accounts and the page's nonce; only where the page sent one. */
      readonly signature?: string;
    }
  | { readonly paymentIntent: object }
  | { readonly setupIntent: object }
  | { readonly error: LaunchError };

export interface CollectOptions extends Look {
  readonly clientSecret: string;
}

/** What comes with a call that collects an account for an intent. */
export interface CollectBankAccountOptions extends CollectOptions {
  readonly params: {
    readonly payment_method_type: "us_bank_account";
    readonly payment_method_data: {
      readonly billing_details: { readonly name: string; readonly email?: string };
      readonly metadata?: Readonly<Record<string, string>>;
    };
  };
  /** ["payment_method"] shows it in full. */
  readonly expand?: readonly string[];
}

/** What deposits showed: both amounts in cents, or the code. */
export interface Deposits {
  readonly amounts?: readonly number[];
  readonly descriptor_code?: string;
}

/** Beside what Stripe.js knows. */
export interface Look {
  readonly onEvent?: (event: FlowEvent) => void;
  /** The system's by default. */
  readonly theme?: Theme;
  readonly appearance?: Appearance;
  /** A language tag; the browser's languages by default. */
  readonly locale?: string;
  /** Closes the modal when it aborts; what was linked by then is resolved with. */
  readonly signal?: AbortSignal;
  /** Up to 255 visible characters that the signed result repeats. */
  readonly nonce?: string;
}

export interface LinkspanOptions {
  readonly locale?: string;
}

export interface LinkspanObject {
  /** Rejected only for a mistake of the page's; whatever happens in the flow is resolved with. */
  readonly collectFinancialConnectionsAccounts: (options: CollectOptions) => Promise<Outcome>;
  /** Collects one account, linked or typed, and resolves with a token of it too. */
  readonly collectBankAccountToken: (options: CollectOptions) => Promise<Outcome>;
  readonly collectBankAccountForPayment: (options: CollectBankAccountOptions) => Promise<Outcome>;
  readonly collectBankAccountForSetup: (options: CollectBankAccountOptions) => Promise<Outcome>;
  readonly confirmUsBankAccountPayment: (clientSecret: string, data?: object) => Promise<Outcome>;
  readonly confirmUsBankAccountSetup: (clientSecret: string, data?: object) => Promise<Outcome>;
  readonly verifyMicrodepositsForPayment: (clientSecret: string, data: Deposits) => Promise<Outcome>;
  readonly verifyMicrodepositsForSetup: (clientSecret: string, data: Deposits) => Promise<Outcome>;
  readonly retrievePaymentIntent: (clientSecret: string) => Promise<Outcome>;
  readonly retrieveSetupIntent: (clientSecret: string) => Promise<Outcome>;
}

export interface LinkspanConstructor {
  (publishableKey: string, options?: LinkspanOptions): LinkspanObject;
  new (publishableKey: string, options?: LinkspanOptions): LinkspanObject;
  /** The release train that `@stripe/stripe-js` compares with its own. */
  version: string;
}

declare global {
  interface Window {
    readonly Linkspan?: LinkspanConstructor;
  }
}
