import { api } from "../connection/api.js";
import { byId, setText } from "../parts/dom.js";

const EVENTS = ["ready", "open", "close", "message", "human", "bot", "lead", "unread", "error"];
const MOST_LINES = 30;

/** @typedef {{ secret: string, previous_until: string | null, required: boolean }} Identity */

/**
 * The page that explains the widget's API: a real widget to try it on, and the secret that proves who visitors are.
 *
 * @param {string} key The workspace's.
 * @param {Identity} identity
 */
export function startWidgetApi(key, identity) {
  startExamples(key);
  startIdentity(identity);
}

/** @param {string} key */
function startExamples(key) {
  const log = byId("api-log");
  for (const name of EVENTS) {
    document.addEventListener(`baton:${name}`, (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      const line = document.createElement("li");
      line.textContent = `baton:${name}${detail ? ` ${JSON.stringify(detail)}` : ""}`;
      log.prepend(line);
      while (log.children.length > MOST_LINES) log.lastElementChild?.remove();
    });
  }
  /** @type {Record<string, (baton: any) => void>} */
  const calls = {
    open: (baton) => baton.open(),
    close: (baton) => baton.close(),
    hide: (baton) => baton.hide(),
    show: (baton) => baton.show(),
    prefill: (baton) => baton.prefill("Do you ship to Norway?"),
    lead: (baton) => baton.showLeadForm(),
    identify: (baton) => baton.identify({ name: "Zoë Lind", email: "zoe@example.com" }),
    wrong: (baton) => baton.identify(42),
    reset: (baton) => baton.reset(),
    destroy: (baton) => baton.destroy(),
  };
  const begin = byId("api-begin", HTMLButtonElement);
  begin.disabled = false;
  begin.addEventListener("click", () => {
    const script = document.createElement("script");
    script.src = "/widget.js";
    script.dataset.key = key;
    document.head.append(script);
  });
  byId("api-calls").addEventListener("click", ({ target }) => {
    const call = target instanceof HTMLElement && calls[target.dataset.call ?? ""];
    const { $baton } = /** @type {any} */ (window);
    if (call && $baton) call($baton);
    if (call && !$baton) setText(byId("api-hint"), "Load the widget first.");
    else if (call) setText(byId("api-hint"), "");
  });
}

/** @param {Identity} identity */
function startIdentity(identity) {
  const field = byId("identity-secret", HTMLInputElement);
  const button = byId("identity-renew", HTMLButtonElement);
  const reveal = byId("identity-reveal", HTMLButtonElement);
  const required = byId("identity-required", HTMLInputElement);
  const outcome = byId("identity-outcome");
  let current = identity;
  /** @param {Identity} now */
  const show = (now) => {
    current = now;
    field.value = now.secret;
    field.placeholder = now.secret ? "" : "None yet";
    reveal.disabled = !now.secret;
    required.checked = now.required;
    setText(button, now.secret ? "Make a new one" : "Make a secret");
  };
  /** @param {string} path @param {object} body @param {string} done */
  const change = async (path, body, done) => {
    try {
      show(await api("POST", `/app/settings/widget/api/${path}`, { body }));
      setText(outcome, done);
    } catch (error) {
      show(current);
      setText(outcome, error instanceof Error ? error.message : String(error));
    }
  };
  show(identity);
  // Disabled in the page: before this script runs, a click would do nothing.
  button.disabled = required.disabled = false;
  reveal.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    setText(reveal, shown ? "Show" : "Hide");
  });
  button.addEventListener("click", () => change("secret", {}, field.value ? "Made. The old one holds for another 24 hours." : "Made. Keep it on your server."));
  required.addEventListener("change", () => change("required", { on: required.checked }, "Saved"));
}
