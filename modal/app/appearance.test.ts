import assert from "node:assert/strict";
import { test } from "node:test";
import { readable, styleOf } from "./appearance.ts";
import { contrast } from "./ui/contrast.ts";

const COLORS = ["#ffee00", "#000000", "#ffffff", "#777777", "#00ff88", "#1a0033", "#ff0000", "#635bff"];

function styled(variables: object): { style: Record<string, string>; refused: string[] } {
  const refused: string[] = [];
  const style = Object.fromEntries(styleOf({ variables }, (name) => refused.push(name)));
  return { style, refused };
}

for (const color of COLORS) {
  test(`${color} becomes an accent that can be read in both themes`, () => {
    for (const [theme, ground] of [
      ["light", "#ffffff"],
      ["light", "#f5f7f9"],
      ["dark", "#141a21"],
      ["dark", "#1c242e"],
    ] as const) {
      assert.ok(contrast(readable(color, theme), ground) >= 4.5, `${theme} ${ground}`);
    }
  });
}

test("a color that can be read stays as it is", () => {
  assert.equal(readable("#0b5566", "light"), "#0b5566");
});

test("corners and letters are the merchant's", () => {
  const { style, refused } = styled({ borderRadius: "4px", fontFamily: "Georgia, 'Times New Roman', serif" });

  assert.deepEqual(refused, []);
  assert.equal(style["--round-2"], "4px");
  assert.equal(style["--letters"], "Georgia, 'Times New Roman', serif");
});

for (const [name, value] of [
  ["colorPrimary", "red"],
  ["colorPrimary", "#fff"],
  ["colorPrimary", "#ffffff; background: url(https://evil.example)"],
  ["borderRadius", "1e9px"],
  ["borderRadius", "calc(1px)"],
  ["fontFamily", "a; } * { display: none"],
  ["fontFamily", "url(https://evil.example)"],
  ["colorPrimary", 7],
  ["constructor", "x"],
  ["colorDanger", "#ff0000"],
] as const) {
  test(`${name} of ${String(value)} changes nothing and is named`, () => {
    assert.deepEqual(styled({ [name]: value }), { style: {}, refused: [name] });
  });
}
