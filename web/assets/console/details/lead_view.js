/** @import {Lead} from "../types.js" */
import { setTime } from "../figures/live_times.js";
import { startCopy } from "../parts/copy.js";
import { part, setAddress, setText } from "../parts/dom.js";
import { leadTo, safeUrl } from "../parts/links.js";

/** What a visitor left, and where it came from. @param {Element} body @param {Lead | null} lead */
export function showLead(body, lead) {
  const section = part(body, "lead-section");
  section.hidden = !lead;
  if (!lead) return;
  startCopies(section);
  const { name, email, phone, message, page, consent, captured_at, updated_at } = lead;
  showTerm(body, "lead-name", name);
  showTerm(body, "lead-email", email, `mailto:${encodeURIComponent(email).replace("%40", "@")}`);
  showTerm(body, "lead-phone", phone, `tel:${phone.replace(/[^+\d]/g, "")}`);
  setTime(part(body, "lead-time"), captured_at, "clock");
  setText(part(body, "lead-source"), sourceText(lead));
  const href = safeUrl(page.url);
  showTerm(body, "lead-page", href ? page.title || href : "");
  if (href) leadTo(part(body, "lead-page"), href);
  showText(body, "lead-message", message);
  showText(body, "lead-consent", [updated_at && "The visitor changed this later.", consent && `Agreed to: “${consent}”`].filter(Boolean).join(" "));
}

/** Each of the three ways to reach or call somebody can be copied; the buttons are started once. @param {HTMLElement} section */
function startCopies(section) {
  if (section.dataset.started) return;
  section.dataset.started = "true";
  for (const button of section.querySelectorAll("[data-copy]"))
    startCopy(/** @type {HTMLElement} */ (button), () => part(section, /** @type {HTMLElement} */ (button).dataset.copy ?? "").textContent ?? "");
}

/** @param {Lead} lead */
export function sourceText({ source, rule }) {
  if (source === "rule") return rule ? `the form, opened by the rule “${rule}”` : "the form, opened by a rule";
  return source === "request" ? "the form, after asking to be contacted" : "the form";
}

/** @param {Element} body @param {string} name @param {string} text @param {string} [href] */
function showTerm(body, name, text, href) {
  const value = part(body, name);
  setAddress(value, text);
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
