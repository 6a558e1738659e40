/** @import {Lead} from "./types.js" */
import { part, setText } from "./dom.js";
import { safeUrl } from "./linkify.js";
import { setTime } from "./live_times.js";

/** What a visitor left, and where it came from. @param {Element} body @param {Lead | null} lead */
export function showLead(body, lead) {
  part(body, "lead-section").hidden = !lead;
  if (!lead) return;
  const { name, email, phone, message, page, consent, captured_at, updated_at } = lead;
  showTerm(body, "lead-name", name);
  showTerm(body, "lead-email", email, `mailto:${encodeURIComponent(email).replace("%40", "@")}`);
  showTerm(body, "lead-phone", phone, `tel:${phone.replace(/[^+\d]/g, "")}`);
  setTime(part(body, "lead-time"), captured_at, "clock");
  setText(part(body, "lead-source"), sourceText(lead));
  const href = safeUrl(page.url);
  showTerm(body, "lead-page", href ? page.title || href : "", href || "");
  showText(body, "lead-message", message);
  showText(body, "lead-consent", [updated_at && "The visitor changed this later.", consent && `Agreed to: “${consent}”`].filter(Boolean).join(" "));
}

/** @param {Lead} lead */
export function sourceText({ source, rule }) {
  if (source === "rule") return rule ? `the form, opened by the rule “${rule}”` : "the form, opened by a rule";
  return source === "request" ? "the form, after asking to be contacted" : "the form";
}

/** @param {Element} body @param {string} name @param {string} text @param {string} [href] */
function showTerm(body, name, text, href) {
  const value = part(body, name);
  setText(value, text);
  if (href !== undefined) value.setAttribute("href", href);
  const cell = /** @type {HTMLElement} */ (value.closest("dd"));
  part(body, `${name}-term`).hidden = cell.hidden = !text;
}

/** @param {Element} body @param {string} name @param {string} text */
function showText(body, name, text) {
  const element = part(body, name);
  setText(element, text);
  element.hidden = !text;
}
