/** Makes of a text the plain words that people type for it, as the server does (core/folding.py). */
import table from "../../../src/linkspan/server/core/folding.json";

const LETTERS: Readonly<Record<string, string>> = table.letters;

/** Each short word beside the words it stands for. */
export const ABBREVIATIONS: readonly (readonly [string, readonly string[]])[] = Object.entries(
  table.abbreviations,
).map(([short, long]) => [short, long.split(" ")]);

/** Words that tell no bank from another. */
export const FILLER: ReadonlySet<string> = new Set(table.filler);

const ADDRESS = /^(?:https?:\/\/)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)*\.?)(?::\d+)?(?:[/?#].*)?$/s;

function folded(text: string): string {
  const plain = text.normalize("NFKD").toLowerCase();
  // Most names are in plain letters, which need no looking up.
  if (/^[\x20-\x7e]*$/.test(plain)) return plain;
  return plain.replace(/\p{M}/gu, "").replace(/[^\x20-\x7e]/gu, (letter) => LETTERS[letter] ?? letter);
}

/** Split a text into folded words; a stop or an apostrophe parts nothing, `&` is a word. */
export function wordsOf(text: string): readonly string[] {
  const bare = folded(text)
    .replaceAll("&", " and ")
    .replace(/['’ʼ`.]/g, "");
  return bare.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The host of an address, also of one typed without its scheme; empty where it is none. */
export function hostOf(text: string): string {
  const host = ADDRESS.exec(text.trim().toLowerCase())?.[1] ?? "";
  return host.includes(".") ? host.replace(/\.+$/, "") : "";
}
