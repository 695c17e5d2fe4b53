/** The directory as the server sends it ahead, made ready to be searched without anybody waiting for it. */
import { initials } from "../ui/monogram.tsx";
import { flag, integer, listOf, oneOf, shape, text, textLike, type Read } from "../shape.ts";
import type { Health, Row } from "../view.ts";
import { IndexBuilder, type Index } from "./search.ts";

const columns = shape({
  object: oneOf("linkspan.index"),
  has_more: flag,
  linkable: integer,
  ids: listOf(text),
  names: listOf(text),
  aliases: listOf(text),
  domains: listOf(text),
  numbers: listOf(text),
  places: listOf(text),
  colors: listOf(textLike(/^#[0-9a-f]{6}$/i)),
  logos: listOf(integer),
  takes: listOf(listOf(integer)),
});

export type Columns = Read<typeof columns>;

/** Read an index, or throw `Malformed`. */
export function readColumns(value: unknown): Columns {
  return columns(value, "index");
}

const SHOWN_MAX = 20;
// At a quarter of a fast machine's speed so many rows take a third of a frame's time.
const ROWS_AT_ONCE = 200;
const NEUTRAL = "#4B5563";

/** What can be searched without asking the server. */
export interface Directory {
  /** Whether the server knows more. */
  readonly hasMore: boolean;
  readonly find: (query: string) => readonly Row[];
}

function linesOf(text: string | undefined): readonly string[] {
  return text ? text.split("\n") : [];
}

/** Make the index a few rows at a time; `pause` lets everything else go first. */
export async function directoryOf(
  sent: Columns,
  health: () => ReadonlyMap<string, Health>,
  pause: () => Promise<void>,
): Promise<Directory> {
  const builder = new IndexBuilder();
  for (const [place, name] of sent.names.entries()) {
    if (place % ROWS_AT_ONCE === 0) await pause();
    const [aliases, hosts, numbers] = [sent.aliases, sent.domains, sent.numbers].map((each) =>
      linesOf(each[place]),
    );
    builder.add({ names: [name, ...(aliases ?? [])], hosts: hosts ?? [], numbers: numbers ?? [] });
  }
  return searchable(sent, builder.build(), health);
}

function searchable(sent: Columns, index: Index, health: () => ReadonlyMap<string, Health>): Directory {
  const takes = new Map(sent.takes.map(([place = 0, seconds = 0]) => [place, seconds]));
  const logos = new Set(sent.logos);
  const rowAt = (place: number): Row => {
    const [id = "", name = ""] = [sent.ids[place], sent.names[place]];
    const [domain] = linesOf(sent.domains[place]);
    const known = health().get(id) ?? { status: "active", back_at: null, takes_seconds: null };
    return {
      id,
      name,
      url: domain ? `https://${domain}` : null,
      color: sent.colors[place] ?? NEUTRAL,
      monogram: initials(name),
      logo: logos.has(place) ? `/link/logos/${id}` : null,
      place: sent.places[place] || null,
      linkable: place < sent.linkable,
      status: known.status,
      back_at: known.back_at,
      takes_seconds: known.takes_seconds ?? takes.get(place) ?? null,
    };
  };
  return {
    hasMore: sent.has_more,
    find: (query) => index.find(query, SHOWN_MAX).rows.map(rowAt),
  };
}
