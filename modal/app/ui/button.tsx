/** A button that shows when its request is on the way. */
import type { ComponentChildren, JSX } from "preact";

interface Props {
  readonly testId: string;
  readonly onPress?: () => void;
  readonly children: ComponentChildren;
  readonly kind?: "primary" | "plain";
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  /** It sends the form around it, as Enter in a field does. */
  readonly isSubmit?: boolean;
}

/** Busy is not disabled: a disabled button would drop the focus of whoever just pressed it. */
export function Button({
  testId,
  onPress,
  children,
  kind = "primary",
  isBusy = false,
  isDisabled = false,
  isSubmit = false,
}: Props): JSX.Element {
  return (
    <button
      type={isSubmit ? "submit" : "button"}
      class={kind}
      data-testid={testId}
      disabled={isDisabled}
      aria-disabled={isBusy}
      onClick={() => {
        if (!isBusy) onPress?.();
      }}
    >
      {isBusy && kind === "primary" ? <span class="spinner" aria-hidden="true" /> : null}
      <span>{children}</span>
    </button>
  );
}
