/** What the modal says, in the one language its page came with. */
import type english from "../../../src/linkspan/server/link/messages/en.json";

/** Every message that the modal itself says; those of `server.` come with a View. */
export type Name = Exclude<keyof typeof english, `server.${string}`>;

/** A sentence, or one for each plural form of the language. */
export type Message = string | Readonly<Record<string, string>>;
export type Messages = Readonly<Record<Name, Message>>;

type Values = Readonly<Record<string, string | number>>;

/** A message with values in its places; where it differs by number, `count` is that number. */
export type Words = (name: Name, values?: Values) => string;

/** The form for so many. Browsers of different years know different rules, so the last form stands in. */
function formFor(message: Message, count: number, rules: Intl.PluralRules): string {
  if (typeof message === "string") return message;
  return message[rules.select(count)] ?? message["other"] ?? Object.values(message).pop() ?? "";
}

export function wordsOf(messages: Messages, locale: string, isRightToLeft = false): Words {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  // A name of another script keeps its order among letters that run the other way (Unicode, UAX 9).
  const isolate = (text: string): string => (isRightToLeft ? `\u2068${text}\u2069` : text);
  return (name, values = {}) =>
    formFor(messages[name], Number(values["count"]), rules).replace(/\{(\w+)\}/g, (place, key: string) => {
      const value = values[key];
      if (value === undefined) return place;
      return typeof value === "number" ? numbers.format(value) : isolate(value);
    });
}
