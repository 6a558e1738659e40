/** @import { Boot, Context, LeadState } from "../types.js" */
import { say } from "../strings.js";
import { h } from "./h.js";

/** @type {Record<string, Record<string, string | number>>} */
const kinds = { name: { autocomplete: "name" }, email: { type: "email", autocomplete: "email" }, phone: { type: "tel", autocomplete: "tel" }, message: {} };

/** Fields in the thread, not a wall before it: it can be left alone, and the chat goes on. */
export class LeadFormView {
  /** @type {Record<string, { input: HTMLInputElement, problem: HTMLElement }>} */ #fields = {};

  /**
   * @param {Boot["lead_form"]} wanted
   * @param {Context["user"]} user Who the site says it is: what it knows stands in the form already.
   * @param {(fields: Record<string, string>) => void} submit
   * @param {() => void} skip
   */
  constructor({ fields, required, consent }, user, submit, skip) {
    this.submit = submit;
    this.user = user;
    this.problem = h("p", { class: "problem", role: "alert" });
    this.button = h("button", { type: "submit", class: "primary" });
    // With neither required, one of the two is: the form says so when both are missing.
    const either = !["email", "phone"].some((name) => required.includes(name));
    const isFree = (/** @type {string} */ name) => !required.includes(name) && !(either && (name === "email" || !fields.includes("email")));
    // What is asked for comes first; a name and a number that may be left out share a line, so that the thread is seen above the form.
    const order = [...fields].sort((one, other) => Number(isFree(one)) - Number(isFree(other)));
    const short = order.filter((name) => isFree(name) && (name === "name" || name === "phone"));
    const rows = order.map((name) => {
      const free = isFree(name);
      const label = say(`lead.${name}`);
      const problem = h("p", { class: "problem", id: `lead-${name}`, role: "alert" });
      const attributes = { name, dir: "auto", "aria-describedby": problem.id, ...kinds[name] };
      const input = name === "message" ? h("textarea", { ...attributes, rows: 1 }) : h("input", attributes);
      this.#fields[name] = { input: /** @type {HTMLInputElement} */ (input), problem };
      return h("div", { class: short.length === 2 && short.includes(name) ? "field half" : "field" }, h("label", {}, free ? say("lead.optional", { label }) : label, input), problem);
    });
    this.form = h(
      "form",
      { novalidate: true, onsubmit: (/** @type {Event} */ event) => this.#send(event) },
      h("h3", {}, say("lead.title")),
      ...rows,
      consent && h("p", { class: "consent" }, consent),
      this.problem,
      h("div", { class: "buttons" }, this.button, h("button", { type: "button", class: "plain", onclick: skip }, say("lead.skip"))),
    );
    this.thanks = h("p", { role: "status", tabindex: "-1" });
    this.node = h("div", { class: "message lead" }, this.form);
  }

  focus() {
    Object.values(this.#fields)[0]?.input.focus({ preventScroll: true });
  }

  /** Whether the visitor has begun with it. */
  get begun() {
    const known = Object.values(this.user());
    const typed = Object.values(this.#values()).some((value) => !known.includes(value));
    return typed || this.form.contains(/** @type {ShadowRoot} */ (this.form.getRootNode()).activeElement);
  }

  /** The form again, after it was sent, or for the first time. */
  renew() {
    const { name = "", email = "" } = this.user();
    for (const [field, value] of Object.entries({ name, email })) {
      const input = this.#fields[field]?.input;
      if (input) input.value ||= value ?? "";
    }
    this.node.replaceChildren(this.form);
  }

  /** @param {LeadState} lead */
  update({ state, errors, updated }) {
    this.button.textContent = say(state === "sending" ? "lead.sending" : "lead.send");
    this.button.disabled = state === "sending";
    this.#show(errors);
    if (state !== "sent" || !this.form.isConnected) return;
    // In place of the form, and where the focus was.
    const hadFocus = this.form.contains(/** @type {ShadowRoot} */ (this.form.getRootNode()).activeElement);
    const { email, phone } = this.#values();
    this.thanks.textContent = say(updated ? "lead.updated" : "lead.thanks", { to: email ?? phone ?? "" });
    this.node.replaceChildren(this.thanks);
    if (hadFocus) this.thanks.focus({ preventScroll: true });
  }

  /** @param {Record<string, string>} errors By field; what is about none stands under them all. */
  #show(errors) {
    for (const [name, { input, problem }] of Object.entries(this.#fields)) {
      if (problem.textContent === (errors[name] ?? "")) continue;
      problem.textContent = errors[name] ?? "";
      input.setAttribute("aria-invalid", String(name in errors));
    }
    this.problem.textContent = errors.form ?? "";
  }

  #values() {
    return Object.fromEntries(Object.entries(this.#fields).map(([name, { input }]) => [name, input.value.trim()]).filter(([, value]) => value));
  }

  /** What is plain to see is said at once; the rest is the server's to judge. @param {Event} event */
  #send(event) {
    event.preventDefault();
    const values = this.#values();
    const { email, phone } = values;
    const reach = this.#fields.email ? "email" : "phone";
    const problem = email ? !/^\S+@\S+\.\S+$/.test(email) && "lead.invalid" : !phone && "lead.missing";
    this.#show(problem ? { [reach]: say(problem) } : {});
    if (problem) this.#fields[reach]?.input.focus();
    else this.submit(values);
  }
}
