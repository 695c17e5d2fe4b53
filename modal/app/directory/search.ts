/**
 * Finds the institutions a person means by what they typed, by the rules of docs/reference/search.md.
 *
 * The server does the same (core/search.py), and both read one list of queries with what is to be found
 * first (contract/search/). All that is searched stands in one text, a line for each name, so that a key
 * costs a few look-ups in it and never a walk through the rows: joined name, tab, initials, then addresses
 * and numbers each behind a mark of its own, then each word behind a space.
 */
import { ABBREVIATIONS, FILLER, hostOf, wordsOf } from "./folding.ts";
import { Vocabulary, type Meant } from "./slips.ts";

const QUERY_LENGTH_MAX = 80;
const INITIALS_MIN = 2;
const INSIDE_MIN = 3;
const WEIGHTS = [3, 7, 1];

/** One row as it is searched: names, hosts of web sites, routing numbers. */
export interface Searched {
  readonly names: readonly string[];
  readonly hosts: readonly string[];
  readonly numbers: readonly string[];
}

/** The places of the rows that fit, the likeliest first, and how many were looked at for that. */
export interface Found {
  readonly rows: readonly number[];
  readonly lookedAt: number;
}

interface Query {
  readonly words: readonly string[];
  readonly joined: string;
  readonly host: string;
  /** Without spaces: the beginning of an address, perhaps. */
  readonly typed: string;
  readonly number: string;
}

type Line = readonly [start: number, end: number];

/** Rows ready to be searched; among equals the one that was given first comes first. */
export class Index {
  readonly #text: string;
  readonly #starts: readonly number[];
  readonly #rowOfLine: readonly number[];
  readonly #vocabulary: Vocabulary;

  constructor(text: string, starts: readonly number[], rowOfLine: readonly number[], words: Vocabulary) {
    this.#text = text;
    this.#starts = starts;
    this.#rowOfLine = rowOfLine;
    this.#vocabulary = words;
  }

  /** Up to `most` of the rows that `query` may mean. The same query always finds the same. */
  find(query: string, most: number): Found {
    const asked = read(query);
    const rows = new Set<number>();
    let lookedAt = 0;
    if (asked.joined === "") return { rows: [], lookedAt };
    for (const ranked of [this.#fitting(asked), this.#nearly(asked)]) {
      for (const row of ranked) {
        lookedAt += 1;
        rows.add(row);
        if (rows.size === most) return { rows: [...rows], lookedAt };
      }
      // A slip is forgiven where nothing fits without one.
      if (rows.size > 0) break;
    }
    return { rows: [...rows], lookedAt };
  }

  /** The rows that fit letter by letter, stage by stage. */
  *#fitting({ words, joined, host, typed, number }: Query): Generator<number> {
    if (number !== "") yield* this.#with(`\f${number}`);
    yield* this.#with(`\n${joined}\t`);
    if (host !== "") yield* this.#with(`\v${host}`, true);
    yield* this.#with(`\n${joined}`);
    yield* this.#withWords(words);
    if (joined.length >= INITIALS_MIN) {
      yield* this.#with(`\t${joined}`);
      yield* this.#with(`\v${host || typed}`);
    }
    if (joined.length >= INSIDE_MIN) yield* this.#with(joined);
    const telling = words.filter((word) => !FILLER.has(word));
    if (telling.length > 0 && telling.length < words.length) yield* this.#withWords(telling);
  }

  /** The rows that fit but for a few slips, those with the fewest first. */
  *#nearly({ words }: Query): Generator<number> {
    const telling = words.filter((word) => !FILLER.has(word));
    for (const some of telling.length < words.length ? [words, telling] : [words]) {
      const meant = some.map((word) => this.#meant(word));
      if (meant.length === 0 || meant.some((each) => each.length === 0)) continue;
      const slips = new Map<number, number>();
      for (const [count, row] of this.#combined(meant)) {
        slips.set(row, Math.min(count, slips.get(row) ?? count));
      }
      const ranked = [...slips].sort(([row, count], [other, more]) => count - more || row - other);
      yield* ranked.map(([row]) => row);
    }
  }

  #meant(word: string): readonly Meant[] {
    return this.#text.includes(` ${word}`) ? [[0, ` ${word}`]] : this.#vocabulary.near(word);
  }

  /** Slips and row of each line that has something of every word. */
  *#combined(meant: readonly (readonly Meant[])[]): Generator<readonly [slips: number, row: number]> {
    const length = (each: readonly Meant[] | undefined): number => each?.[0]?.[1].length ?? 0;
    const rarest = meant.reduce((best, each) => (length(each) > length(best) ? each : best));
    const others = meant.filter((each) => each !== rarest);
    for (const [slips, part] of rarest) {
      for (const [start, end] of this.#linesWith(part)) {
        const line = this.#text.slice(start, end + 1);
        const more = others.map((each) => each.find(([, other]) => line.includes(other))?.[0]);
        if (more.some((count) => count === undefined)) continue;
        yield [more.reduce<number>((sum, count) => sum + (count ?? 0), slips), this.#rowAt(start)];
      }
    }
  }

  /** The rows in a name of which every one of `words` begins some word. */
  *#withWords(words: readonly string[]): Generator<number> {
    const longest = words.reduce((best, word) => (word.length > best.length ? word : best), "");
    const others = words.filter((word) => word !== longest).map((word) => ` ${word}`);
    for (const [start, end] of this.#linesWith(` ${longest}`)) {
      const line = this.#text.slice(start, end);
      if (others.every((other) => line.includes(other))) yield this.#rowAt(start);
    }
  }

  *#with(part: string, isWhole = false): Generator<number> {
    for (const [start] of this.#linesWith(part, isWhole)) yield this.#rowAt(start);
  }

  /** Where each line with `part` begins and ends. */
  *#linesWith(part: string, isWhole = false): Generator<Line> {
    for (let at = this.#text.indexOf(part); at >= 0;) {
      if (isWhole && /[\p{L}\p{N}.-]/u.test(this.#text[at + part.length] ?? "")) {
        at = this.#text.indexOf(part, at + 1);
      } else {
        const end = this.#text.indexOf("\n", at + 1);
        yield [this.#text.lastIndexOf("\n", at), end];
        at = this.#text.indexOf(part, end);
      }
    }
  }

  #rowAt(start: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= start) low = middle;
      else high = middle - 1;
    }
    return this.#rowOfLine[low] ?? 0;
  }
}

/** Makes an index a few rows at a time, so that nothing else waits for it. */
export class IndexBuilder {
  readonly #lines: string[] = [];
  readonly #starts: number[] = [];
  readonly #rowOfLine: number[] = [];
  readonly #vocabulary = new Vocabulary();
  #rows = 0;
  #at = 0;

  add(row: Searched): void {
    let marked = [...row.hosts.map((host) => `\v${host}`), ...row.numbers.map((one) => `\f${one}`)].join("");
    const seen = new Set<string>();
    for (const name of row.names) {
      const words = wordsOf(name);
      const joined = words.join("");
      if (joined === "" || seen.has(joined)) continue;
      seen.add(joined);
      this.#keep(joined, [...words, ...also(words)], words.length > 1 ? initialsOf(words) : "", marked);
      marked = "";
    }
    this.#rows += 1;
  }

  #keep(joined: string, words: readonly string[], initials: string, marked: string): void {
    const line = `\n${joined}\t${initials}${marked}${words.map((word) => ` ${word}`).join("")}`;
    this.#lines.push(line);
    this.#starts.push(this.#at);
    this.#rowOfLine.push(this.#rows);
    this.#at += line.length;
    for (const word of words) this.#vocabulary.add(` ${word}`);
    if (!words.includes(joined)) this.#vocabulary.add(`\n${joined}`);
  }

  build(): Index {
    return new Index(`${this.#lines.join("")}\n`, this.#starts, this.#rowOfLine, this.#vocabulary);
  }
}

/** Nine digits, the last of which does not fit the others (ABA routing number policy). */
export function isWrongNumber(query: string): boolean {
  const number = query.replace(/[\s-]/g, "");
  if (!/^\d{9}$/.test(number)) return false;
  return (
    [...number].reduce((sum, digit, place) => sum + Number(digit) * (WEIGHTS[place % 3] ?? 0), 0) % 10 !== 0
  );
}

function initialsOf(words: readonly string[]): string {
  return words.map((word) => [...word][0] ?? "").join("");
}

/** The short words for what stands in a name, and the long ones for what is short in it. */
function also(words: readonly string[]): readonly string[] {
  const line = ` ${words.join(" ")} `;
  return ABBREVIATIONS.flatMap(([short, long]) => [
    ...(line.includes(` ${long.join(" ")} `) ? [short] : []),
    ...(line.includes(` ${short} `) ? long : []),
  ]);
}

function read(query: string): Query {
  const text = query.slice(0, QUERY_LENGTH_MAX);
  const words = wordsOf(text);
  const number = text.replace(/[\s-]/g, "");
  return {
    words,
    joined: words.join(""),
    host: hostOf(text),
    typed: text.toLowerCase().replace(/\s/g, ""),
    number: /^\d{4,9}$/.test(number) ? number : "",
  };
}
