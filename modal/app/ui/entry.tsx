/** One field of a form that the server describes. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import type { Words } from "../i18n/words.ts";
import type { Field } from "../view.ts";

interface Props {
  readonly field: Field;
  readonly words: Words;
  readonly value: string;
  readonly isMissing: boolean;
  readonly enter: (value: string) => void;
}

interface InputProps extends Props {
  readonly id: string;
  readonly describedBy: string | undefined;
}

/** What no keyboard may change on the way: names, secrets, codes. */
const VERBATIM = { autocapitalize: "none", autocorrect: "off", spellcheck: false } as const;

/** What an input and a text area have in common. */
function common({ field, value, isMissing, enter, id, describedBy }: InputProps) {
  return {
    id,
    name: field.name,
    value,
    autocomplete: field.autocomplete,
    "aria-invalid": isMissing,
    "aria-describedby": describedBy,
    "data-testid": `ls-field-${field.name}`,
    onInput: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => {
      enter(currentTarget.value);
    },
    ...VERBATIM,
  };
}

function Secret(props: InputProps): JSX.Element {
  const { words } = props;
  const [isShown, setShown] = useState(false);
  const [isLocked, setLocked] = useState(false);
  function watch(event: KeyboardEvent): void {
    setLocked(event.getModifierState("CapsLock"));
  }
  const entry = { ...common(props), onKeyDown: watch, onKeyUp: watch };
  return (
    <>
      <div class="secret">
        {isShown ? <input {...entry} type="text" /> : <input {...entry} type="password" />}
        <button
          type="button"
          class="small"
          aria-pressed={isShown}
          data-testid="ls-show-password"
          onClick={() => {
            setShown(!isShown);
          }}
        >
          {words(isShown ? "form.hide" : "form.show")}
        </button>
      </div>
      {isLocked ? (
        <p class="hint" role="status">
          {words("form.caps_lock")}
        </p>
      ) : null}
    </>
  );
}

function Choices({ field, value, enter, isMissing, describedBy }: InputProps): JSX.Element {
  return (
    <fieldset class="choices" aria-invalid={isMissing} aria-describedby={describedBy}>
      <legend dir="auto">{field.label}</legend>
      {field.options.map((option) => (
        <label key={option.value}>
          <input
            type="radio"
            name={field.name}
            data-testid={`ls-choice-${option.value}`}
            checked={value === option.value}
            onChange={() => {
              enter(option.value);
            }}
          />
          <span dir="auto">{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function Input(props: InputProps): JSX.Element {
  switch (props.field.kind) {
    case "password":
      return <Secret {...props} />;
    case "choice":
      return <Choices {...props} />;
    case "token":
      return <textarea {...common(props)} rows={4} />;
    case "code":
      return <input {...common(props)} type="text" inputMode="text" class="code" />;
    case "text":
      return <input {...common(props)} type="text" />;
  }
}

export function Entry(props: Props): JSX.Element {
  const { field, words, isMissing } = props;
  const id = useId();
  const problem = `${id}-problem`;
  return (
    <div class="entry">
      {field.kind === "choice" ? null : (
        <label for={id} dir="auto">
          {field.label}
        </label>
      )}
      <Input {...props} id={id} describedBy={isMissing ? problem : undefined} />
      {isMissing ? (
        <p class="hint wrong" id={problem}>
          {words("form.missing", { label: field.label })}
        </p>
      ) : null}
    </div>
  );
}
