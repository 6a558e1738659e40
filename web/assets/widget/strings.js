/** @import { Catalogue } from "./types.js" */

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufefc]/;

/** @type {Catalogue} */ let texts = {};
let language = "en";
let plurals = new Intl.PluralRules(language);

/**
 * From here on the widget says what stands in this catalogue.
 *
 * @param {string} code Of the language, such as "de".
 * @param {Catalogue} catalogue
 */
export function speak(code, catalogue) {
  texts = catalogue;
  language = code;
  plurals = new Intl.PluralRules(code);
}

/** Which way the language is written. */
export const direction = () => (language === "ar" ? "rtl" : "ltr");

/**
 * The text for `key` with its values put in: `{name}` stands for one, and `count` chooses among plural forms.
 *
 * @param {string} key One of the catalogue's.
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function say(key, values = {}) {
  const entry = texts[key] ?? "";
  const text = typeof entry === "string" ? entry : (entry[plurals.select(Number(values.count))] ?? entry.other ?? "");
  return text.replace(/\{(\w+)\}/g, (_, name) => put(values[name] ?? ""));
}

/** A number as the language writes it; a name that is written the other way is kept from turning what stands around it. @param {string | number} value */
function put(value) {
  if (typeof value === "number") return value.toLocaleString(language);
  return rightToLeft.test(value) === (direction() === "rtl") ? value : `\u2068${value}\u2069`;
}

/** The time of day. @param {Date} when */
export const clockTime = (when) => when.toLocaleTimeString(language, { hour: "numeric", minute: "2-digit" });

/** Day and time. @param {Date} when */
export const fullTime = (when) => when.toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
