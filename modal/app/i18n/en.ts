/** Every word the modal itself says, in English. */

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${String(count)} ${many}`;
}

export const en = {
  close: "Close",
  back: "Choose another bank",
  testMode: "Test mode",
  secured: "Your bank password is never shared",

  boot: {
    title: "Getting ready",
    slow: "This takes longer than usual. Your connection may be slow.",
  },

  bank: {
    title: "Choose your bank",
    text: (merchant: string) => `Link an account to ${merchant}. You sign in at your bank, not here.`,
    label: "Search for your bank",
    placeholder: "Search by name",
    clear: "Clear search",
    featured: "Often chosen",
    results: "Results",
    found: (count: number) => `${counted(count, "bank", "banks")} found`,
    none: (query: string) => `No bank matches “${query}”`,
    noneHint: "Check the spelling, or try the name on your card or statement.",
    failed: "Search did not work",
    failedHint: "Check your connection, then try again.",
    again: "Search again",
  },

  consent: {
    title: (merchant: string, bank: string) => `Let ${merchant} see your accounts at ${bank}`,
    text: "In the accounts you choose, they will see:",
    agree: "Agree and continue",
  },

  login: {
    title: (bank: string) => `Sign in at ${bank}`,
    text: (bank: string) =>
      `${bank} opens in a new tab. Come back here afterwards: this window goes on by itself.`,
    private: (merchant: string) => `Neither ${merchant} nor this window sees your password.`,
    open: (bank: string) => `Continue to ${bank}`,
    newTab: "(opens in a new tab)",
    waitingTitle: (bank: string) => `Waiting for ${bank}`,
    waitingText: "Finish in the tab that opened. This window goes on by itself.",
    waitingNews: (bank: string) => `Waiting until you have signed in at ${bank}`,
    lost: "Closed the tab, or nothing opened?",
    reopen: "Open it again",
    cancel: "Choose another bank",
    back: "Go back",
  },

  accounts: {
    title: "Choose accounts",
    titleSingle: "Choose an account",
    text: (merchant: string) => `${merchant} sees only what you tick.`,
    textSingle: (merchant: string) => `${merchant} sees only the one you choose.`,
    all: "Select all",
    limit: (count: number) => `Choose up to ${counted(count, "account", "accounts")}`,
    submit: (count: number) =>
      count === 0 ? "Select an account" : `Link ${counted(count, "account", "accounts")}`,
    unnamed: "Account",
    ending: (last4: string) => `ending in ${last4}`,
    kinds: {
      checking: "Checking",
      savings: "Savings",
      mortgage: "Mortgage",
      line_of_credit: "Line of credit",
      credit_card: "Credit card",
      other: "Account",
    },
  },

  done: {
    title: (count: number) =>
      count === 1 ? "Your account is linked" : `${String(count)} accounts are linked`,
    text: (bank: string, merchant: string) => `${merchant} is now connected to ${bank}.`,
    list: "Linked accounts",
    finish: (merchant: string) => `Back to ${merchant}`,
  },

  error: {
    actions: { retry: "Try again", another_bank: "Choose another bank", close: "Close" },
    support: "Support ID",
    copy: "Copy",
    copied: "Copied",
  },

  trouble: {
    offline: {
      title: "We cannot reach the server",
      message: "Check your internet connection, then try again. Nothing was lost.",
    },
    refused: {
      title: "This link is no longer valid",
      message: "Close this window and start again.",
    },
    broken: {
      title: "Something went wrong on our side",
      message: "Please try again in a moment.",
    },
    banner: "You seem to be offline. Check your connection and try again.",
  },

  end: {
    finished: {
      title: "You can close this page",
      message: "Nothing more is needed here.",
    },
    refused: {
      title: "This link is no longer valid",
      message: "It was used, or is too old. Ask whoever sent it for a new one.",
    },
  },

  exit: {
    title: "Leave without linking?",
    text: (merchant: string) =>
      `Nothing has been shared with ${merchant} yet. If you leave now you will have to start again.`,
    stay: "Keep going",
    leave: "Leave",
  },
};

export type Words = typeof en;
