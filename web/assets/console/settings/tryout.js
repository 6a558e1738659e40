import { asTyped, blocks } from "../../shared/markdown.js";
import { showBlocks } from "../../shared/rich_text.js";
import { api } from "../connection/api.js";
import { byId, clone, setText } from "../parts/dom.js";
import { startForm } from "../parts/forms.js";
import { safeLink } from "../parts/links.js";
import { showSources } from "../thread/sources_view.js";

/** @import {Source} from "../types.js" */
/** @typedef {{by: "visitor" | "agent", text: string}} Turn */

const MOST_TURNS = 20;

/** Asking the agent on `/app/settings/agent`; nothing of it is kept. @param {string} agent its name */
export function startTryOut(agent) {
  const form = byId("try-form", HTMLFormElement);
  const question = byId("question", HTMLTextAreaElement);
  /** @type {Turn[]} */
  let turns = [];
  startForm(form, async ({ text = "" }) => {
    const asked = [...turns, /** @type {Turn} */ ({ by: "visitor", text: text.trim() })].slice(-MOST_TURNS + 1);
    const answer = await api("POST", "/app/settings/agent/try", { body: { turns: asked } });
    turns = [...asked, { by: "agent", text: answer.text }];
    show("You, as a visitor", "visitor", text.trim(), []);
    show(agent, "agent", answer.text, answer.sources);
    question.value = "";
    byId("try-again").hidden = false;
    return answer.known ? "" : `${agent} did not know. A visitor would be offered a person.`;
  });
  question.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  byId("try-again").addEventListener("click", () => {
    turns = [];
    byId("trial").replaceChildren();
    byId("trial").hidden = byId("try-again").hidden = true;
    question.focus();
  });
}

/** @param {string} who @param {string} side @param {string} text @param {Source[]} sources */
function show(who, side, text, sources) {
  const said = clone("said-template");
  said.dataset.side = side;
  const [name, words, list] = said.children;
  const cited = showSources(/** @type {HTMLElement} */ (list), sources);
  setText(/** @type {Element} */ (name), who);
  showBlocks(/** @type {Element} */ (words), side === "agent" ? blocks(text, { sources: sources.length }) : asTyped(text), { link: safeLink, cited });
  byId("trial").append(said);
  byId("trial").hidden = false;
}
