/** Readers that turn unknown JSON into typed values or say which field is wrong. */

/** An answer that does not have the agreed shape; `at` is the path of the first wrong field. */
export class Malformed extends Error {
  readonly at: string;

  constructor(at: string) {
    super(`Unexpected value at ${at}`);
    this.name = "Malformed";
    this.at = at;
  }
}

export type Reader<T> = (value: unknown, at: string) => T;
export type Read<R> = R extends Reader<infer T> ? T : never;

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Shape<F extends Fields> = { readonly [K in keyof F]: Read<F[K]> };

function where<T>(holds: (value: unknown) => value is T): Reader<T> {
  return (value, at) => {
    if (!holds(value)) throw new Malformed(at);
    return value;
  };
}

export const text = where((value): value is string => typeof value === "string");
export const flag = where((value): value is boolean => typeof value === "boolean");
export const integer = where((value): value is number => Number.isSafeInteger(value));

/** Text of a given form. */
export function textLike(form: RegExp): Reader<string> {
  return where((value): value is string => typeof value === "string" && form.test(value));
}

/** One of a few words. */
export function oneOf<const W extends readonly string[]>(...words: W): Reader<W[number]> {
  return where((value): value is W[number] => words.some((word) => word === value));
}

export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, at) => (value === null ? null : reader(value, at));
}

export function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw new Malformed(at);
    return value.map((item: unknown, index) => reader(item, `${at}[${String(index)}]`));
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object with at least these fields. Others are kept, so that a newer server may add some. */
export function shape<F extends Fields>(fields: F): Reader<Shape<F>> {
  return (value, at) => {
    if (!isRecord(value)) throw new Malformed(at);
    for (const [name, reader] of Object.entries(fields)) reader(value[name], `${at}.${name}`);
    // Every field of the type was read one line above; the compiler cannot follow a loop over keys.
    return value as Shape<F>;
  };
}
