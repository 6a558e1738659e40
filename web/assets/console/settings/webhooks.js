import { api } from "../connection/api.js";
import { took } from "../figures/figures.js";
import { setTime } from "../figures/live_times.js";
import { confirm } from "../parts/confirm.js";
import { byId, clone, part, setAddress, setText } from "../parts/dom.js";
import { startForm } from "../parts/forms.js";
import { noticeAt } from "../parts/notice.js";
import { deliveryWords, jobWords, webhookWords } from "./webhook_words.js";

const { say, tried } = noticeAt("webhooks-notice");

/** @import {DeadJob, Delivery, Webhook} from "./webhook_words.js" */

const WEBHOOKS = "/app/settings/webhooks";

/** `/app/settings/webhooks`. @param {{webhooks: Webhook[], dead: DeadJob[], mail_failure: {failed_at: string} | null}} page */
export function startWebhooks({ webhooks, dead, mail_failure }) {
  if (mail_failure) setTime(byId("mail-failed"), mail_failure.failed_at, "clock");
  for (const webhook of webhooks) new Row(webhook);
  for (const job of dead) showDead(job);
  counted();
  const form = byId("add-form", HTMLFormElement);
  startForm(form, async () => {
    const made = await api("POST", WEBHOOKS, { body: asked(form) });
    new Row(made.webhook);
    showSecret(made, "");
    form.reset();
    counted();
    return "Added. Its secret stands at the top of this page.";
  });
  byId("copy-secret").addEventListener("click", async () => {
    const copied = await navigator.clipboard?.writeText(byId("secret-value").textContent ?? "").then(() => true, () => false);
    if (!copied) getSelection()?.selectAllChildren(byId("secret-value"));
    setText(/** @type {Element} */ (byId("copy-secret").querySelector("span")), copied ? "Copied" : "Selected for you to copy");
  });
}

class Row {
  /** @param {Webhook} webhook */
  constructor(webhook) {
    this.node = clone("webhook-template");
    this.webhook = webhook;
    this.after = /** @type {string | null} */ (null);
    this.form = /** @type {HTMLFormElement} */ (part(this.node, "form"));
    for (const field of this.form.querySelectorAll("[id]")) field.id = `${webhook.id}-${field.id}`;
    this.form.querySelector("label")?.setAttribute("for", `${webhook.id}-each-url`);
    this.on("test", () => this.test());
    this.on("edit", async () => this.edit());
    this.on("switch", () => this.change(`${this.path}/switch`, { on: !this.webhook.enabled }));
    this.on("rotate", () => this.rotate());
    this.on("delete", () => this.remove());
    this.on("older", () => this.load());
    startForm(this.form, async () => {
      await this.change(this.path, asked(this.form));
      return "Saved.";
    });
    part(this.node, "log").addEventListener("toggle", () => this.log.open && this.reload());
    this.show();
    byId("webhooks").append(this.node);
  }

  get path() {
    return `${WEBHOOKS}/${this.webhook.id}`;
  }

  get log() {
    return /** @type {HTMLDetailsElement} */ (part(this.node, "log"));
  }

  /** @param {string} name @param {() => Promise<unknown>} what */
  on(name, what) {
    part(this.node, name).addEventListener("click", () => tried(what));
  }

  show() {
    const { url, enabled } = this.webhook;
    setAddress(part(this.node, "url"), url);
    setText(part(this.node, "state"), webhookWords(this.webhook));
    part(this.node, "events").replaceChildren(...this.webhook.events.map((event) => itemOf(kindOf(event))));
    setText(part(this.node, "switch"), enabled ? "Switch off" : "Switch on");
    part(this.node, "delete").setAttribute("aria-label", `Delete ${url}`);
    this.node.classList.toggle("is-off", !enabled);
  }

  edit() {
    this.form.hidden = !this.form.hidden;
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (this.form.querySelectorAll("input"))) {
      if (input.name === "url") input.value = this.webhook.url;
      if (input.name === "event") input.checked = this.webhook.events.includes(input.value);
    }
    if (!this.form.hidden) this.form.querySelector("input")?.focus();
  }

  /** @param {string} path @param {object} body */
  async change(path, body) {
    this.webhook = (await api("POST", path, { body })).webhook;
    this.show();
  }

  async rotate() {
    const text = "The old one signs beside it for 24 hours, so that you can change it over without missing anything.";
    if (!(await confirm({ title: "Make a new secret?", text, verb: "Make a new secret" }))) return;
    const made = await api("POST", `${this.path}/secret`);
    this.webhook = made.webhook;
    this.show();
    showSecret(made, "The old one works for 24 more hours.");
  }

  async remove() {
    const text = "What is still to be sent to it is dropped, and its log is gone.";
    if (!(await confirm({ title: `Delete ${this.webhook.url}?`, text, verb: "Delete" }))) return;
    await api("DELETE", this.path);
    this.node.remove();
    counted();
    say("The webhook is deleted.");
  }

  async test() {
    const button = /** @type {HTMLButtonElement} */ (part(this.node, "test"));
    button.disabled = true;
    try {
      const { delivery } = await api("POST", `${this.path}/test`);
      say(delivery.delivered ? `The test arrived: ${delivery.status} after ${took(delivery.duration_ms)}.` : `The test failed: ${delivery.error}`, !delivery.delivered);
      if (this.log.open) await this.reload();
    } finally {
      button.disabled = false;
    }
  }

  async reload() {
    this.after = null;
    part(this.node, "deliveries").replaceChildren();
    await tried(() => this.load());
  }

  async load() {
    const page = await api("GET", this.after ? `${this.path}?after=${encodeURIComponent(this.after)}` : this.path);
    const list = part(this.node, "deliveries");
    list.append(...page.deliveries.map((/** @type {Delivery} */ each) => this.delivery(each)));
    this.after = page.next;
    part(this.node, "older").hidden = !page.next;
    part(this.node, "no-deliveries").hidden = list.children.length > 0;
  }

  /** @param {Delivery} delivery */
  delivery(delivery) {
    const item = clone("delivery-template");
    part(item, "event").replaceWith(kindOf(delivery.event));
    setText(part(item, "what"), deliveryWords(delivery));
    setTime(part(item, "at"), delivery.at, "clock");
    setText(part(item, "error"), delivery.error);
    setText(part(item, "response"), delivery.response || "It answered without a text.");
    const again = part(item, "again");
    again.hidden = !delivery.again;
    again.addEventListener("click", () =>
      tried(async () => {
        await api("POST", `${this.path}/deliveries/${delivery.id}/redeliver`);
        say("It is being sent again.");
      }),
    );
    return item;
  }
}

/** An event in words, with the name that it is sent under; of one that has no words the name alone. @param {string} event */
function kindOf(event) {
  const known = [...clone("event-kinds-template").querySelectorAll("[data-event]")].find((each) => each.getAttribute("data-event") === event);
  if (known) return known;
  const name = document.createElement("code");
  setText(name, event);
  return name;
}

/** @param {Element} content */
function itemOf(content) {
  const item = document.createElement("li");
  item.append(content);
  return item;
}

/** @param {HTMLFormElement} form */
function asked(form) {
  const typed = new FormData(form);
  return { url: String(typed.get("url") ?? "").trim(), events: typed.getAll("event") };
}

/** @param {{webhook: Webhook, secret: string}} made @param {string} overlap */
function showSecret({ webhook, secret }, overlap) {
  setAddress(byId("secret-of"), webhook.url);
  setText(byId("secret-value"), secret);
  setText(byId("secret-overlap"), overlap);
  byId("secret").hidden = false;
  byId("secret").scrollIntoView({ block: "nearest" });
}

/** @param {DeadJob} job */
function showDead(job) {
  const item = clone("dead-template");
  setText(part(item, "kind"), jobWords(job));
  setTime(part(item, "at"), job.failed_at, "clock");
  setText(part(item, "error"), job.error || "No reason was noted.");
  part(item, "retry").addEventListener("click", () =>
    tried(async () => {
      await api("POST", "/app/settings/jobs/retry", { body: { id: job.id } });
      item.remove();
      counted();
      say("It is being tried again.");
    }),
  );
  byId("dead").append(item);
}

function counted() {
  byId("no-webhooks").hidden = byId("webhooks").children.length > 0;
  byId("no-dead").hidden = byId("dead").children.length > 0;
}
