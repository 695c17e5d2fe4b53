/** The pane where a bank is chosen. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { moment } from "../i18n/format.ts";
import type { Words } from "../i18n/words.ts";
import type { PaneProps } from "../pane.ts";
import { isWrongNumber } from "../directory/search.ts";
import { startSearch, type Search } from "../search.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Alert, Chevron, Cross, Lens } from "../ui/icons.tsx";
import { Mark } from "../ui/monogram.tsx";
import { Title } from "../ui/title.tsx";
import type { Row } from "../view.ts";

interface NoteProps {
  readonly bank: Row;
  readonly words: Words;
  readonly locale: string;
  readonly layout: "grid" | "rows";
}

const MINUTE = 60;

/** What to know of a bank before choosing it: whether it can be chosen, how well it answers, which one it is. */
function Note({ bank, words, locale, layout }: NoteProps): JSX.Element | null {
  if (bank.linkable && bank.status !== "active") {
    const back = bank.back_at === null ? null : moment(locale, bank.back_at * 1000, Date.now());
    return (
      <span class="note unwell" data-testid={`ls-health-${bank.id}`}>
        <Alert />
        <span>
          {words(`bank.${bank.status}`)}
          {back === null ? null : ` · ${words("bank.back", { time: back })}`}
        </span>
      </span>
    );
  }
  const which = layout === "rows" ? (bank.place ?? bank.url?.replace(/^https:\/\//, "")) : null;
  const known = bank.linkable
    ? [which, layout === "rows" && time(bank, words)]
    : [which, words("bank.unlinkable")];
  const said = known.filter(Boolean).join(" · ");
  return said === "" ? null : <span class="note">{said}</span>;
}

/** How long linking takes there, where that is known. */
function time({ takes_seconds: seconds }: Row, words: Words): string | null {
  return seconds ? words("bank.takes", { count: Math.max(1, Math.round(seconds / MINUTE)) }) : null;
}

interface BanksProps {
  readonly banks: readonly Row[];
  readonly words: Words;
  readonly locale: string;
  readonly layout: "grid" | "rows";
  readonly label: string;
  readonly chosen: string | null;
  readonly choose: (id: string) => void;
}

function Banks({ banks, words, locale, layout, label, chosen, choose }: BanksProps): JSX.Element {
  return (
    <section aria-label={label}>
      <h2>{label}</h2>
      <ul class={`banks ${layout}`}>
        {banks.map((bank) => (
          <li key={bank.id}>
            <button
              type="button"
              class={bank.linkable ? "bank" : "bank elsewhere"}
              data-testid={`ls-bank-${bank.id}`}
              aria-busy={chosen === bank.id}
              onClick={() => {
                choose(bank.id);
              }}
            >
              <Mark bank={bank} />
              <span class="about">
                <span class="name">{bank.name}</span>
                <Note bank={bank} words={words} locale={locale} layout={layout} />
              </span>
              {chosen === bank.id ? <span class="spinner" aria-hidden="true" /> : <Chevron />}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

// A keyboard that slides in unasked hides half of a phone's screen.
function hasKeyboard(): boolean {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}

interface FieldProps {
  readonly words: Words;
  readonly text: string;
  readonly isSearching: boolean;
  readonly hasFocus: boolean;
  readonly type: (text: string) => void;
}

function Field({ words, text, isSearching, hasFocus, type }: FieldProps): JSX.Element {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (hasFocus) field.current?.focus();
  }, [hasFocus]);

  function clear(): void {
    type("");
    field.current?.focus();
  }

  return (
    <div class="search" role="search">
      <Lens />
      <input
        ref={field}
        type="search"
        data-testid="ls-search"
        aria-label={words("bank.label")}
        placeholder={words("bank.placeholder")}
        autocomplete="off"
        autocapitalize="words"
        spellcheck={false}
        enterkeyhint="search"
        maxLength={100}
        value={text}
        onInput={(event) => {
          type(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || text === "") return;
          event.preventDefault();
          event.stopPropagation();
          clear();
        }}
      />
      {isSearching ? <span class="spinner" aria-hidden="true" /> : null}
      {text === "" ? null : (
        <button
          type="button"
          class="inline"
          data-testid="ls-search-clear"
          aria-label={words("bank.clear")}
          onClick={clear}
        >
          <Cross />
        </button>
      )}
    </div>
  );
}

function Failed({ words, again }: { readonly words: Words; readonly again: () => void }): JSX.Element {
  return (
    <div class="empty" data-testid="ls-search-failed">
      <p class="strong">{words("bank.failed")}</p>
      <p>{words("bank.failed_hint")}</p>
      <Button kind="plain" testId="ls-search-again" onPress={again}>
        {words("bank.again")}
      </Button>
    </div>
  );
}

function NoneFound({ words, query }: { readonly words: Words; readonly query: string }): JSX.Element {
  const hint = isWrongNumber(query) ? "bank.wrong_number" : "bank.none_hint";
  return (
    <div class="empty" data-testid="ls-search-none">
      <p class="strong">{words("bank.none", { query })}</p>
      <p>{words(hint)}</p>
    </div>
  );
}

/** What a search says aloud once it has settled. */
function newsOf(search: Search, words: Words): string | null {
  if (search.at === "failed") return words("bank.failed");
  if (search.at !== "found") return null;
  return search.banks.length > 0
    ? words("bank.found", { count: search.banks.length })
    : words("bank.none", { query: search.query });
}

// A screen reader that heard of every key's results would never finish a sentence.
const NEWS_AFTER_MS = 400;

export function Bank({ view, act, words, locale, isSending, say }: PaneProps<"bank">): JSX.Element {
  const [search, setSearch] = useState<Search>({ at: "featured" });
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const isTyping = useMemo(hasKeyboard, []);
  const searcher = useMemo(() => startSearch({ here: act.look, there: act.search }, setSearch), [act]);
  useEffect(() => searcher.stop, [searcher]);
  useEffect(act.prefetch, [act]);
  useEffect(() => {
    const news = newsOf(search, words);
    if (news === null) return undefined;
    const timer = setTimeout(say, NEWS_AFTER_MS, news);
    return () => {
      clearTimeout(timer);
    };
  }, [search, words, say]);

  function type(next: string): void {
    setText(next);
    searcher.type(next);
  }

  function choose(id: string): void {
    if (isSending) return;
    setChosen(id);
    act.choose(id);
  }

  function outcome(): JSX.Element {
    if (search.at === "failed")
      return (
        <Failed
          words={words}
          again={() => {
            searcher.type(text);
          }}
        />
      );
    if (search.at === "found" && search.banks.length === 0)
      return <NoneFound words={words} query={search.query} />;
    const results = search.at === "featured" ? null : search.banks;
    return (
      <Banks
        banks={results ?? view.bank.featured}
        words={words}
        locale={locale}
        layout={results ? "rows" : "grid"}
        label={results ? words("bank.results") : words("bank.featured")}
        chosen={isSending ? chosen : null}
        choose={choose}
      />
    );
  }

  return (
    <>
      <main>
        <Title text={words("bank.title")} isQuiet={isTyping} />
        <p class="lead">{words("bank.text", { merchant: view.merchant.name })}</p>
        <Field
          words={words}
          text={text}
          isSearching={search.at === "searching"}
          hasFocus={isTyping}
          type={type}
        />
        {outcome()}
        {view.bank.can_type ? (
          <button type="button" class="text type" data-testid="ls-type-numbers" onClick={act.manual}>
            {words("bank.type")}
          </button>
        ) : null}
      </main>
      <Footer secured={words("secured")} />
    </>
  );
}
