import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("../../../web/assets/shared/tokens.css", import.meta.url), "utf8");

const lab = ([l, c, h]) => [l, c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];

/** Linear sRGB of an oklab colour, by the matrices of CSS Color 4, clipped to the gamut. */
function rgb([l, a, b]) {
  const [L, M, S] = [
    (l + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (l - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (l - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  return [
    4.0767416621 * L - 3.3077115913 * M + 0.2309699292 * S,
    -1.2684380046 * L + 2.6097574011 * M - 0.3413193965 * S,
    -0.0041960863 * L - 0.7034186147 * M + 1.707614701 * S,
  ].map((channel) => Math.min(1, Math.max(0, channel)));
}

function contrast(one, other) {
  const [high, low] = [one, other]
    .map((colour) => rgb(colour))
    .map(([r, g, b]) => 0.2126 * r + 0.7152 * g + 0.0722 * b)
    .sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const roles = Object.fromEntries(
  [...css.matchAll(/--([\w-]+): light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\)/g)].map(([, name, light, dark]) => [
    name,
    { light: light.split(" ").map(Number), dark: dark.split(" ").map(Number) },
  ]),
);

const washes = Object.fromEntries(
  [...css.matchAll(/--([\w-]+-wash): color-mix\(in oklab, var\(--([\w-]+)\) (\d+)%, var\(--([\w-]+)\)\)/g)].map(
    ([, name, hue, share, surface]) => [name, { hue, share: Number(share) / 100, surface }],
  ),
);

/** The oklab value of a role or a wash. */
function colour(name, scheme) {
  if (roles[name]) return lab(roles[name][scheme]);
  const { hue, share, surface } = washes[name];
  const [one, other] = [colour(hue, scheme), colour(surface, scheme)];
  return one.map((value, index) => value * share + other[index] * (1 - share));
}

const text = ["ink", "ink-soft", "ink-faint", "accent", "bot", "human", "warn", "danger"];
const surfaces = ["paper", "raised", "sunken"];
const filled = [
  ["accent-ink", "accent"],
  ["accent-ink", "accent-hover"],
  ["on-hue", "bot"],
  ["on-hue", "human"],
  ["danger-ink", "danger"],
  ...["accent", "bot", "human", "warn", "danger"].flatMap((hue) => [
    [hue, `${hue}-wash`],
    ["ink", `${hue}-wash`],
  ]),
];

for (const scheme of ["light", "dark"]) {
  const ratio = (one, other) => contrast(colour(one, scheme), colour(other, scheme));

  test(`text is readable on every surface: ${scheme}`, () => {
    for (const ink of text) {
      for (const surface of surfaces) {
        assert.ok(ratio(ink, surface) >= 4.5, `${ink} on ${surface}: ${ratio(ink, surface).toFixed(2)}`);
      }
    }
    for (const [ink, surface] of filled) {
      assert.ok(ratio(ink, surface) >= 4.5, `${ink} on ${surface}: ${ratio(ink, surface).toFixed(2)}`);
    }
  });

  test(`the edge of a control is seen: ${scheme}`, () => {
    for (const surface of surfaces) {
      assert.ok(ratio("line-strong", surface) >= 3, `on ${surface}: ${ratio("line-strong", surface).toFixed(2)}`);
    }
  });
}

test("the launcher, which comes before the tokens, has the same colours", () => {
  const loader = readFileSync(new URL("../../../web/assets/widget/loader.js", import.meta.url), "utf8");
  const copied = [...loader.matchAll(/--([\w-]+):(light-dark\(oklch\([^)]+\), oklch\([^)]+\)\))/g)];
  assert.ok(copied.length >= 4);
  for (const [, name, value] of copied) assert.ok(css.includes(`--${name}: ${value};`), `--${name}`);
});

test("a colour is a role with a light and a dark value, and is never written raw elsewhere", () => {
  const raw = css.match(/oklch\(/g) ?? [];
  assert.equal(raw.length, Object.keys(roles).length * 2);
});
