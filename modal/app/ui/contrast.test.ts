import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, inkOn } from "./contrast.ts";

test("contrast is that of WCAG", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#777777", "#777777"), 1);
  assert.equal(Math.round(contrast("#767676", "#ffffff") * 100) / 100, 4.54);
});

test("letters on every color reach 4.5", () => {
  const steps = [0, 51, 102, 128, 153, 204, 255];
  const hex = (value: number): string => value.toString(16).padStart(2, "0");
  for (const red of steps)
    for (const green of steps)
      for (const blue of steps) {
        const color = `#${hex(red)}${hex(green)}${hex(blue)}`;
        assert.ok(contrast(color, inkOn(color)) >= 4.5, color);
      }
});
