/** The pane where a bank is chosen. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { PaneProps } from "../pane.ts";
import { startSearch, type Search } from "../search.ts";
import { Button } from "../ui/button.tsx";
import { Footer } from "../ui/footer.tsx";
import { Chevron, Cross, Lens } from "../ui/icons.tsx";
import { Monogram } from "../ui/monogram.tsx";
import { Title } from "../ui/title.tsx";
import type { Institution } from "../view.ts";

interface BanksProps {
  readonly banks: readonly Institution[];
  readonly layout: "grid" | "rows";
  readonly label: string;
  readonly chosen: string | null;
  readonly choose: (id: string) => void;
}

function Banks({ banks, layout, label, chosen, choose }: BanksProps): JSX.Element {
  return (
    <section aria-label={label}>
      <h2>{label}</h2>
      <ul class={`banks ${layout}`}>
        {banks.map((bank) => (
          <li key={bank.id}>
            <button
              type="button"
              class="bank"
              data-testid={`ls-bank-${bank.id}`}
              aria-busy={chosen === bank.id}
              onClick={() => { choose(bank.id); }}
            >
              <Monogram letters={bank.monogram} color={bank.color} />
              <span class="name">{bank.name}</span>
              {chosen === bank.id ? <span class="spinner" aria-hidden="true" /> : <Chevron />}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function shown(search: Search, featured: readonly Institution[]): readonly Institution[] {
  if (search.at === "featured" || search.at === "failed") return featured;
  return search.banks ?? featured;
}

// A keyboard that slides in unasked hides half of a phone's screen.
function hasKeyboard(): boolean {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}

export function Bank({ view, act, words, isSending, say }: PaneProps<"bank">): JSX.Element {
  const [search, setSearch] = useState<Search>({ at: "featured" });
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const said = words.bank;

  const searcher = useMemo(() => startSearch(act.search, (next) => {
    setSearch(next);
    if (next.at === "found") say(next.banks.length > 0 ? said.found(next.banks.length) : said.none(next.query));
    if (next.at === "failed") say(said.failed);
  }), [act, said, say]);
  useEffect(() => searcher.stop, [searcher]);

  const isTyping = useMemo(hasKeyboard, []);
  useEffect(() => {
    if (isTyping) field.current?.focus();
  }, [isTyping]);

  function type(next: string): void {
    setText(next);
    searcher.type(next);
  }

  function choose(id: string): void {
    if (isSending) return;
    setChosen(id);
    act.choose(id);
  }

  const isFeatured = search.at === "featured" || (search.at === "searching" && search.banks === null);
  const isNone = search.at === "found" && search.banks.length === 0;
  return (
    <>
      <main>
        <Title text={said.title} isQuiet={isTyping} />
        <p class="lead">{said.text(view.merchant.name)}</p>
        <div class="search" role="search">
          <Lens />
          <input
            ref={field}
            type="search"
            data-testid="ls-search"
            aria-label={said.label}
            placeholder={said.placeholder}
            autocomplete="off"
            autocapitalize="words"
            spellcheck={false}
            enterkeyhint="search"
            maxLength={100}
            value={text}
            onInput={(event) => { type(event.currentTarget.value); }}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || text === "") return;
              event.preventDefault();
              event.stopPropagation();
              type("");
            }}
          />
          {search.at === "searching" ? <span class="spinner" aria-hidden="true" /> : null}
          {text === "" ? null : (
            <button type="button" class="inline" data-testid="ls-search-clear" aria-label={said.clear} onClick={() => { type(""); field.current?.focus(); }}>
              <Cross />
            </button>
          )}
        </div>
        {search.at === "failed" ? (
          <div class="empty" data-testid="ls-search-failed">
            <p class="strong">{said.failed}</p>
            <p>{said.failedHint}</p>
            <Button kind="plain" testId="ls-search-again" onPress={() => { searcher.type(text); }}>{said.again}</Button>
          </div>
        ) : null}
        {isNone ? (
          <div class="empty" data-testid="ls-search-none">
            <p class="strong">{said.none(search.query)}</p>
            <p>{said.noneHint}</p>
          </div>
        ) : null}
        {isNone || search.at === "failed" ? null : (
          <Banks
            banks={shown(search, view.bank.featured)}
            layout={isFeatured ? "grid" : "rows"}
            label={isFeatured ? said.featured : said.results}
            chosen={isSending ? chosen : null}
            choose={choose}
          />
        )}
      </main>
      <Footer secured={words.secured} />
    </>
  );
}
