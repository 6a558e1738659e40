import { say } from "../strings.js";
import { h } from "./h.js";

/** @typedef {"none" | "sending" | "sent" | "invalid"} LeadState */

/** Fields in the thread, not a wall before it: it can be left alone, and the chat goes on. */
export class LeadFormView {
  #email = "";

  /**
   * @param {{ name?: string, email?: string }} user
   * @param {(fields: Record<string, string>) => void} submit
   * @param {() => void} skip
   */
  constructor(user, submit, skip) {
    this.submit = submit;
    this.problem = h("p", { class: "problem", id: "lead-problem", role: "alert", hidden: true }, say("lead.invalid"));
    this.button = h("button", { type: "submit", class: "primary" });
    this.form = h(
      "form",
      { novalidate: true, onsubmit: (/** @type {Event} */ event) => this.#send(event) },
      h("h3", {}, say("lead.title")),
      field("email", { type: "email", autocomplete: "email", value: user.email, "aria-describedby": "lead-problem" }),
      field("name", { autocomplete: "name", value: user.name }),
      field("message", { maxlength: 2000 }),
      this.problem,
      h("div", { class: "buttons" }, this.button, h("button", { type: "button", class: "plain", onclick: skip }, say("lead.skip"))),
    );
    this.node = h("div", { class: "message lead" }, this.form);
  }

  /** @param {LeadState} state */
  update(state) {
    this.button.textContent = say(state === "sending" ? "lead.sending" : "lead.send");
    this.button.disabled = state === "sending";
    this.problem.hidden = state !== "invalid";
    if (state === "sent" && this.form.isConnected) this.#thank();
  }

  /** In place of the form, and where the focus was. */
  #thank() {
    const thanks = h("p", { role: "status", tabindex: "-1" }, say("lead.thanks", { email: this.#email }));
    this.node.replaceChildren(thanks);
    thanks.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  #send(event) {
    event.preventDefault();
    const fields = /** @type {[string, string][]} */ ([...new FormData(this.form)].filter(([, value]) => String(value).trim()));
    this.#email = String(Object.fromEntries(fields)["email"] ?? "");
    if (/^\S+@\S+\.\S+$/.test(this.#email)) this.submit(Object.fromEntries(fields));
    else this.update("invalid");
  }
}

/**
 * @param {"email" | "name" | "message"} name
 * @param {Record<string, string | number | undefined>} attributes
 */
function field(name, attributes) {
  return h("label", {}, say(`lead.${name}`), h("input", { name, maxlength: 200, dir: "auto", ...attributes }));
}
