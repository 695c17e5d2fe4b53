/** What the modal is showing, and what each happening makes of it. */
import type { Trouble } from "./trouble.ts";
import type { View } from "./view.ts";

/** Exactly one at a time, so that no flag can contradict another. */
export type Screen =
  | { readonly at: "boot"; readonly slow: boolean }
  | { readonly at: "pane"; readonly view: View; readonly problem: Trouble | null }
  /** Another tab went on; this one can go on from there. */
  | { readonly at: "elsewhere"; readonly view: View }
  | { readonly at: "stuck"; readonly trouble: Trouble };

export interface State {
  readonly screen: Screen;
  /** A request is on its way, so a second click sends nothing. */
  readonly sending: boolean;
  /** The person was asked whether to leave, and has not answered. */
  readonly leaving: boolean;
  /** The time is nearly over, and the person has not said whether they need more. */
  readonly hurried: boolean;
}

export type Happening =
  | { readonly type: "opening" }
  | { readonly type: "delayed" }
  | { readonly type: "sent" }
  | { readonly type: "answered"; readonly view: View }
  | { readonly type: "pushed"; readonly view: View }
  | { readonly type: "failed"; readonly trouble: Trouble }
  | { readonly type: "asked to leave" }
  | { readonly type: "stayed" }
  | { readonly type: "time is running out" }
  | { readonly type: "resumed" };

export const START: State = {
  screen: { at: "boot", slow: false },
  sending: false,
  leaving: false,
  hurried: false,
};

/** The View on screen, when there is one. */
export function viewOf({ screen }: State): View | null {
  return screen.at === "pane" ? screen.view : null;
}

// Answers and the event stream race; the Session's version says which View is the newer one.
function isStale(state: State, view: View): boolean {
  const shown = viewOf(state);
  return shown !== null && shown.session === view.session && shown.version > view.version;
}

function withView(state: State, view: View): State {
  if (isStale(state, view)) return state;
  const before = viewOf(state);
  return {
    ...state,
    screen: { at: "pane", view, problem: null },
    leaving: before?.next_pane === view.next_pane && state.leaving,
    hurried: before?.expires_at === view.expires_at && state.hurried,
  };
}

type Moves = {
  readonly [H in Happening as H["type"]]: (state: State, happening: H) => State;
};

const MOVES: Moves = {
  opening: () => ({ ...START, sending: true }),

  delayed: (state) => (state.screen.at === "boot" ? { ...state, screen: { at: "boot", slow: true } } : state),

  sent: ({ screen, ...state }) => ({
    ...state,
    sending: true,
    screen: screen.at === "pane" ? { ...screen, problem: null } : screen,
  }),

  answered: (state, { view }) =>
    view.continued_elsewhere
      ? { ...START, screen: { at: "elsewhere", view } }
      : { ...withView(state, view), sending: false },

  pushed: (state, { view }) => withView(state, view),

  failed({ screen, ...state }, { trouble }) {
    // A pane that could not be left is still right, and keeps what the person entered.
    if (screen.at === "pane" && trouble.kind === "offline") {
      return { ...state, sending: false, screen: { ...screen, problem: trouble } };
    }
    return { ...START, screen: { at: "stuck", trouble } };
  },

  "asked to leave": (state) => ({ ...state, leaving: true }),

  stayed: (state) => ({ ...state, leaving: false }),

  "time is running out": (state) => ({ ...state, hurried: true }),

  resumed: (state) =>
    state.screen.at === "elsewhere"
      ? { ...START, screen: { at: "pane", view: state.screen.view, problem: null } }
      : state,
};

export function reduce(state: State, happening: Happening): State {
  // The table is typed entry by entry; an index by a union cannot be, hence the one assertion.
  const move = MOVES[happening.type] as (state: State, happening: Happening) => State;
  return move(state, happening);
}

/** Whether leaving now would lose something the person did. */
export function isWorkLost({ screen }: State): boolean {
  if (screen.at !== "pane") return false;
  const { view } = screen;
  if (view.next_pane === "login_form") return view.login_form.about !== "credentials";
  if (view.next_pane === "manual") return true;
  return view.next_pane === "accounts" || (view.next_pane === "login" && view.login.status === "opened");
}
