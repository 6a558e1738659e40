import { api } from "../connection/api.js";
import { byId, clone, part } from "../parts/dom.js";
import { startForm } from "../parts/forms.js";
import { startSnippet } from "../parts/snippet.js";
import { startPreview } from "./preview.js";
import { lines, ruleOf } from "./rules.js";

/** @import {Rule} from "./rules.js" */

/** `/app/settings/widget`. @param {{rules: Rule[]}} settings */
export function startWidgetSettings({ rules }) {
  startSnippet();
  const form = byId("widget-form", HTMLFormElement);
  for (const rule of rules) addRule(rule);
  byId("add-rule").addEventListener("click", () => addRule({ name: "" }).querySelector("input")?.focus());
  form.addEventListener("input", () => refresh(form));
  startForm(form, async () => {
    const { settings } = await api("POST", "/app/settings/widget", { body: gathered(form) });
    byId("origins", HTMLTextAreaElement).value = settings.allowed_origins.join("\n");
    refresh(form);
    return "Saved. The next page that loads the chat has it.";
  });
  startPreview(form, () => ({ lead_form: gathered(form).lead_form }), "lead");
  refresh(form);
}

/** @param {HTMLFormElement} form */
function gathered(form) {
  const typed = new FormData(form);
  return {
    allowed_origins: lines(String(typed.get("allowed_origins"))),
    lead_form: {
      asked: typed.getAll("asked"),
      required: typed.getAll("required"),
      consent: typed.get("lead_form.consent"),
      region: typed.get("lead_form.region"),
    },
    rules: [...byId("rules").children].map(typedRule),
  };
}

/** @param {Element} row */
function typedRule(row) {
  const inputs = [.../** @type {NodeListOf<HTMLInputElement>} */ (row.querySelectorAll("[data-rule]"))].filter((input) => input.dataset.rule !== "when");
  return ruleOf(Object.fromEntries(inputs.map((input) => [input.dataset.rule ?? "", input.type === "checkbox" ? input.checked : input.value])));
}

/** @param {Rule} rule */
function addRule(rule) {
  const row = clone("rule-template");
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (row.querySelectorAll("[data-rule]"))) {
    const value = rule[/** @type {keyof Rule} */ (input.dataset.rule)];
    if (input.type === "checkbox") input.checked = Boolean(value);
    else input.value = value ? String(value) : "";
  }
  const remove = part(row, "remove");
  remove.setAttribute("aria-label", `Remove the rule ${rule.name}`.trim());
  remove.addEventListener("click", () => {
    row.remove();
    number();
  });
  byId("rules").append(row);
  number();
  return row;
}

/** Fields are called by their place, as the server calls them when they are wrong. */
function number() {
  [...byId("rules").children].forEach((row, place) => {
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (row.querySelectorAll("[data-rule]"))) input.name = `rules.${place}.${input.dataset.rule}`;
  });
}

/** What follows from what is typed. @param {HTMLFormElement} form */
function refresh(form) {
  const origins = lines(byId("origins", HTMLTextAreaElement).value);
  byId("any-origin").hidden = !origins.includes("*");
  byId("no-origin").hidden = origins.length > 0;
  for (const asked of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll('[name="asked"]'))) {
    const required = /** @type {HTMLInputElement} */ (form.querySelector(`[name="required"][value="${asked.value}"]`));
    required.disabled = !asked.checked;
    if (!asked.checked) required.checked = false;
  }
}
