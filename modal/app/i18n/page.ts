/** The language that the frame's page came with: the server chose it, and put its messages there. */
import { wordsOf, type Messages, type Words } from "./words.ts";

export interface Spoken {
  readonly locale: string;
  readonly words: Words;
}

export function spokenOn(page: Document): Spoken {
  const { lang: locale, dir } = page.documentElement;
  // Of the same server and the same release as this script, so there is nothing to mistrust in it.
  const messages = JSON.parse(page.getElementById("messages")?.textContent ?? "{}") as Messages;
  return { locale, words: wordsOf(messages, locale, dir === "rtl") };
}
