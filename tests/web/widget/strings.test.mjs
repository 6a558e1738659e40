import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { direction, say, speak } from "../../../web/assets/widget/strings.js";

/** @param {string} code */
function from(code) {
  speak(code, JSON.parse(readFileSync(new URL(`../../../web/assets/widget/locales/${code}.json`, import.meta.url), "utf8")));
}

test("a count chooses among the plural forms of the language", () => {
  from("en");
  assert.equal(say("unread", { count: 1 }), "Open chat, 1 unread message");
  assert.equal(say("unread", { count: 2 }), "Open chat, 2 unread messages");
  from("ar");
  const forms = [0, 1, 2, 3, 11, 100].map((count) => say("unread", { count }).replace(/\p{Nd}+/u, "#"));
  assert.equal(new Set(forms).size, 5, "many and other are written alike");
  assert.equal(forms[4], forms[5]);
});

test("numbers are written as the language writes them", () => {
  from("de");
  assert.match(say("composer.long", { count: 1234, most: 8000 }), /1\.234.*8\.000/);
});

test("a form that a catalogue leaves out is the other one, a value that is not given is nothing", () => {
  speak("ar", { some: { other: "{count}!" } });
  assert.equal(say("some", { count: 2 }), "2!");
  speak("en", { plain: "<{name}>" });
  assert.equal(say("plain"), "<>");
  assert.equal(say("unheard of"), "");
});

test("a name is put in once, whatever stands in it", () => {
  from("en");
  assert.equal(say("line.released", { name: "{agent} $& $1", agent: "Bea" }), "{agent} $& $1 handed back to Bea");
});

test("a name written the other way does not turn what stands around it", () => {
  from("en");
  assert.equal(direction(), "ltr");
  assert.equal(say("line.claimed", { name: "\u0644\u064a\u0644\u0649" }), "\u2068\u0644\u064a\u0644\u0649\u2069 joined");
  assert.equal(say("line.claimed", { name: "Ana" }), "Ana joined");
  from("ar");
  assert.equal(direction(), "rtl");
  assert.ok(say("line.claimed", { name: "Ana" }).includes("\u2068Ana\u2069"));
});
