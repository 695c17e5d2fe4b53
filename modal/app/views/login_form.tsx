/** The pane where the person enters what their bank asks for. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Answer } from "../api.ts";
import { emptied, missing } from "../entry.ts";
import type { PaneProps } from "../pane.ts";
import { Button } from "../ui/button.tsx";
import { Entry } from "../ui/entry.tsx";
import { Footer } from "../ui/footer.tsx";
import { Mark } from "../ui/monogram.tsx";
import { Title } from "../ui/title.tsx";
import type { ViewOf } from "../view.ts";

/** A form that asks for other things is another form; one that asks again keeps what may be kept. */
export function formKey({ login_form: form }: ViewOf<"login_form">): string {
  return JSON.stringify([
    form.institution.id,
    form.about,
    form.fields.map(({ name, label }) => [name, label]),
  ]);
}

function Said({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <div class="card said">
      <p>{title}</p>
      <p class="strong" dir="auto">
        {text}
      </p>
    </div>
  );
}

export function LoginForm({ view, act, words, isSending, say }: PaneProps<"login_form">): JSX.Element {
  const { login_form: form, version } = view;
  const { institution, fields, help, problem } = form;
  const [entered, setEntered] = useState<Answer>({});
  const [asked, setAsked] = useState<readonly string[]>([]);
  const element = useRef<HTMLFormElement>(null);
  const waiting = words("form.checking", { bank: institution.name });
  const isChecking = isSending || form.status === "checking";

  function focusOn(name: string | undefined): void {
    if (name) element.current?.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus();
  }

  useEffect(() => {
    if (isChecking) say(waiting);
  }, [isChecking, waiting, say]);

  useEffect(() => {
    if (!problem) return;
    setEntered((before) => emptied(fields, before));
    focusOn(fields.find(({ kind }) => kind !== "text")?.name);
    // Once per answer that was not taken: the version says which.
  }, [version]);

  function submit(event: Event): void {
    event.preventDefault();
    if (isChecking) return;
    const open = missing(fields, entered);
    setAsked(open);
    if (open.length > 0) focusOn(open[0]);
    else act.answer(entered, version);
  }

  return (
    <form class="whole" ref={element} noValidate onSubmit={submit}>
      <main>
        <Title text={form.title} />
        <p class="lead">{form.text}</p>
        <p class="at">
          <Mark bank={institution} /> {institution.name}
        </p>
        {form.said ? <Said title={words("form.said", { bank: institution.name })} text={form.said} /> : null}
        {problem ? (
          <p class="problem" role="alert" data-testid="ls-form-problem">
            {problem}
          </p>
        ) : null}
        {fields.map((field) => (
          <Entry
            key={field.name}
            field={field}
            words={words}
            value={entered[field.name] ?? ""}
            isMissing={asked.includes(field.name)}
            enter={(value) => {
              setEntered((before) => ({ ...before, [field.name]: value }));
            }}
          />
        ))}
        {help ? (
          <a
            class="text"
            href={help.url}
            target="_blank"
            rel="noopener noreferrer"
            data-testid="ls-form-help"
          >
            {help.label}
            <span class="unseen"> {words("login.new_tab")}</span>
          </a>
        ) : null}
      </main>
      <Footer secured={words("form.secured")}>
        <Button testId="ls-form-submit" isSubmit isBusy={isChecking}>
          {isChecking ? waiting : form.submit}
        </Button>
        <Button kind="plain" testId="ls-form-cancel" isBusy={isSending} onPress={act.back}>
          {words(view.one_bank ? "login.back" : "login.cancel")}
        </Button>
      </Footer>
    </form>
  );
}
