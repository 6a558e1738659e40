import assert from "node:assert/strict";
import test from "node:test";

import { CATALOGUE } from "../../../../web/assets/console/keys/catalogue.js";
import { NO_CHOICES, ariaKeys, clash, isSingle, keyWords, keysOf, pressOf, refusal } from "../../../../web/assets/console/keys/keymap.js";
import { KeyReader } from "../../../../web/assets/console/keys/reader.js";

const press = (key, { code = "", mac = false, altGraph = false, ...held } = {}) =>
  pressOf({ key, code, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, getModifierState: (name) => name === "AltGraph" && altGraph, ...held }, mac);

test("a press is the character, whatever must be held down for it", () => {
  assert.equal(press("t"), "t");
  assert.equal(press("T"), "t", "caps lock is no shift");
  assert.equal(press("T", { shiftKey: true }), "Shift+t");
  assert.equal(press("?", { shiftKey: true }), "?");
  assert.equal(press("/", { shiftKey: true, code: "Digit7" }), "/", "German");
  assert.equal(press("#", { ctrlKey: true, altKey: true, altGraph: true }), "#", "Spanish, on Windows");
  assert.equal(press("#", { altKey: true, mac: true }), "#", "British, on a Mac");
  assert.equal(press("k", { ctrlKey: true }), "Mod+k");
  assert.equal(press("k", { metaKey: true, mac: true }), "Mod+k");
  assert.equal(press("Enter", { ctrlKey: true, shiftKey: true }), "Mod+Shift+Enter");
  assert.equal(press("/", { altKey: true }), "Alt+/");
});

test("letters that are not Latin count by their place, Latin ones never", () => {
  assert.equal(press("о", { code: "KeyJ" }), "j");
  assert.equal(press("ö", { code: "Semicolon" }), "ö");
  assert.equal(press("q", { code: "KeyA" }), "q", "French");
});

test("modifiers of another system, dead keys and modifiers alone are nothing", () => {
  assert.equal(press("t", { metaKey: true }), null);
  assert.equal(press("k", { ctrlKey: true, mac: true }), null);
  assert.equal(press("Dead"), null);
  assert.equal(press("Shift", { shiftKey: true }), null);
});

test("the usual keys are each of one action, and those of a member win", () => {
  const usual = keysOf(CATALOGUE, NO_CHOICES);
  const all = [...usual.values()];
  for (const [index, keys] of all.entries()) assert.ok(!all.some((other, at) => at !== index && clash(keys, other)), keys);
  const chosen = keysOf(CATALOGUE, { keys: { release: "t", delete: "" }, single: true });
  assert.equal(chosen.get("release"), "t");
  assert.equal(chosen.has("claim"), false, "it yields to what was chosen");
  assert.equal(chosen.has("delete"), false);
  assert.equal(keysOf(CATALOGUE, { keys: { open: "y" }, single: true }).get("open"), "Enter", "fixed");
});

test("with keys alone turned off only those with a modifier, and Esc and Enter, are left", () => {
  assert.deepEqual([...keysOf(CATALOGUE, { keys: {}, single: false }).keys()], ["send", "open", "palette", "back"]);
  assert.ok(isSingle("g i") && isSingle("#") && isSingle("Shift+t") && !isSingle("Mod+k") && !isSingle("Escape"));
  assert.ok(isSingle("+") && !isSingle("Mod++"));
});

test("a refusal names the action that has the keys", () => {
  const why = (id, keys, choices = NO_CHOICES) => refusal(id, keys, CATALOGUE, choices);
  assert.equal(why("claim", "h"), "H is “Hand back to bot”. Choose other keys, or change that one first.");
  assert.match(why("claim", "g"), /“Inbox”/, "it could not be told from the beginning of two presses");
  assert.match(why("claim", "Mod+w"), /^Ctrl W belongs to the browser/);
  assert.match(why("claim", "Enter"), /^Enter is needed to move about/);
  assert.match(why("claim", "y Enter"), /^Enter is needed to move about/, "of two presses the one that is meant");
  assert.match(why("send", "y"), /works while you type/);
  assert.equal(why("claim", "t"), "", "its own");
  assert.equal(why("claim", "h", { keys: { release: "b" }, single: true }), "");
  assert.match(why("claim", "h", { keys: {}, single: false }), /Hand back/, "also while letters are off");
});

test("keys are written as people and as screen readers read them", () => {
  assert.equal(keyWords("Mod+Shift+k"), "Ctrl Shift K");
  assert.equal(keyWords("Mod+k", true), "⌘ K");
  assert.equal(keyWords("g i"), "G then I");
  assert.equal(keyWords("Mod++"), "Ctrl +");
  assert.equal(ariaKeys("Mod+k"), "Control+K");
  assert.equal(ariaKeys("Mod+k", true), "Meta+K");
  assert.equal(ariaKeys("g i"), "");
});

const KEYS = new Map([["claim", "t"], ["next", "j"], ["inbox", "g i"]]);

test("two presses belong together for a while", () => {
  const reader = new KeyReader();
  const at = (now, key, repeat = false) => reader.read(key, KEYS, { now, repeat, repeats: (id) => id === "next" });
  assert.equal(at(0, "g"), "wait");
  assert.deepEqual(at(500, "i"), { id: "inbox" });
  assert.equal(at(1000, "g"), "wait");
  assert.equal(at(1100, "t"), null, "g t is nothing, and t after g takes nothing over");
  assert.deepEqual(at(1200, "t"), { id: "claim" });
  assert.equal(at(2000, "g"), "wait");
  assert.deepEqual(at(5000, "j"), { id: "next" });
});

test("a key that is held down acts once, unless it moves about", () => {
  const reader = new KeyReader();
  const at = (key, repeat) => reader.read(key, KEYS, { now: 0, repeat, repeats: (id) => id === "next" });
  assert.deepEqual(at("t", false), { id: "claim" });
  assert.equal(at("t", true), "held", "and must not be typed into the field that it opened");
  reader.release();
  assert.equal(at("t", true), null);
  assert.deepEqual(at("j", true), { id: "next" });
});
