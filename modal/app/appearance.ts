/** The merchant's own color, corners and letters, as far as people can still read. */
import type { Appearance } from "../messages.ts";
import { contrast, inkOn } from "./ui/contrast.ts";

// What the accent is read on, in each theme: the page, and what is raised from it (tokens.css).
const GROUNDS = { light: ["#ffffff", "#f5f7f9"], dark: ["#141a21", "#1c242e"] } as const;
// WCAG 2.2, 1.4.3: what letters need, since links and plain buttons are written in the accent.
const READABLE = 4.5;
const STEPS = 40;

function mixed(color: string, other: string, part: number): string {
  const channel = (at: number): string => {
    const [one = 0, two = 0] = [color, other].map((each) => parseInt(each.slice(at, at + 2), 16));
    return Math.round(one + (two - one) * part)
      .toString(16)
      .padStart(2, "0");
  };
  return `#${[1, 3, 5].map(channel).join("")}`;
}

/** The color nearest to `color`, towards black or white, that can be read on every ground of a theme. */
export function readable(color: string, theme: keyof typeof GROUNDS): string {
  const ink = theme === "light" ? "#000000" : "#ffffff";
  const tries = Array.from({ length: STEPS + 1 }, (_, step) => mixed(color, ink, step / STEPS));
  return tries.find((one) => GROUNDS[theme].every((ground) => contrast(one, ground) >= READABLE)) ?? ink;
}

function inks(color: string): Readonly<Record<string, string>> {
  const [light, dark] = [readable(color, "light"), readable(color, "dark")];
  const both = (one: string, other: string): string => `light-dark(${one}, ${other})`;
  return {
    "--accent": both(light, dark),
    "--accent-strong": both(mixed(light, "#000000", 0.15), mixed(dark, "#ffffff", 0.25)),
    "--accent-soft": both(mixed(light, "#ffffff", 0.9), mixed(dark, "#141a21", 0.85)),
    "--on-accent": both(inkOn(light), inkOn(dark)),
  };
}

const READERS: Readonly<Record<string, (value: string) => Readonly<Record<string, string>> | null>> = {
  colorPrimary: (value) => (/^#[0-9a-f]{6}$/i.test(value) ? inks(value) : null),
  borderRadius: (value) => {
    const [, pixels] = /^(\d{1,2})px$/.exec(value) ?? [];
    return pixels === undefined ? null : { "--round-1": `calc(${value} * 0.7)`, "--round-2": value };
  },
  // Only letters that are on the device: the page's policy fetches none.
  fontFamily: (value) => (/^[\w\s,"'-]{1,200}$/.test(value) ? { "--letters": value } : null),
};

/** The style that a page asked for; what cannot be used is left as it is, and `complain` is told. */
export function styleOf(
  appearance: Appearance | null,
  complain: (name: string) => void,
): readonly (readonly [string, string])[] {
  return Object.entries(appearance?.variables ?? {}).flatMap(([name, value]) => {
    const isKnown = typeof value === "string" && Object.hasOwn(READERS, name);
    const style = isKnown ? READERS[name]?.(value) : null;
    if (style) return Object.entries(style);
    complain(name);
    return [];
  });
}
