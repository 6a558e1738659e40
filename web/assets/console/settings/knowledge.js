import { ApiError, api } from "../connection/api.js";
import { figure, howMany } from "../figures/figures.js";
import { setTime } from "../figures/live_times.js";
import { confirm } from "../parts/confirm.js";
import { byId, clone, part, setText } from "../parts/dom.js";
import { startForm } from "../parts/forms.js";
import { noticeAt } from "../parts/notice.js";

const { say, tried } = noticeAt("knowledge-notice");

/** @typedef {{id: string, name: string, kind: string, passage_count: number, updated_at: string}} KnowledgeSource */

const KNOWLEDGE = "/app/settings/knowledge";
const MOST_BYTES = 1024 * 1024;

/** `/app/settings/knowledge`. @param {KnowledgeSource[]} sources */
export function startKnowledge(sources) {
  /** @type {Map<string, KnowledgeSource>} */
  const all = new Map(sources.map((source) => [source.id, source]));
  /** @param {KnowledgeSource} source */
  const put = (source) => {
    all.set(source.id, source);
    show(all);
  };
  startForm(byId("upload-form", HTMLFormElement), async () => {
    const chosen = byId("file", HTMLInputElement);
    const source = await send(KNOWLEDGE, chosen.files?.[0]);
    put(source);
    chosen.value = "";
    return added(source);
  });
  const paste = byId("paste-form", HTMLFormElement);
  startForm(paste, async ({ name = "", file = "" }) => {
    const source = await send(KNOWLEDGE, new File([file], name.trim() && withEnding(name.trim())));
    put(source);
    paste.reset();
    return added(source);
  });
  startReplacing(put);
  byId("sources").addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest('[data-part="delete"]');
    const id = button?.closest("li")?.dataset.id ?? "";
    const source = all.get(id);
    if (source) remove(source, () => all.delete(id) && show(all));
  });
  show(all);
}

/** A text's name is a file's: its ending says what it is written in. @param {string} name */
export const withEnding = (name) => (/\.(md|markdown|html?|txt|text)$/i.test(name) ? name : `${name}.md`);

/** @param {(source: KnowledgeSource) => void} put */
function startReplacing(put) {
  const chooser = byId("replacement", HTMLInputElement);
  let id = "";
  byId("sources").addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest('[data-part="replace"]');
    if (!button) return;
    id = button.closest("li")?.dataset.id ?? "";
    chooser.value = "";
    chooser.click();
  });
  chooser.addEventListener("change", () =>
    tried(async () => {
      const source = await send(`${KNOWLEDGE}/${id}`, chooser.files?.[0]);
      put(source);
      say(`${source.name} is replaced: ${passages(source)}. The agent knows it now.`);
    }),
  );
}

/** @param {string} path @param {File | undefined} file @returns {Promise<KnowledgeSource>} */
async function send(path, file) {
  if (!file) throw wrong("Choose a file first.");
  if (file.size > MOST_BYTES) throw wrong(`A file has at most 1 MiB, and this one has ${(file.size / MOST_BYTES).toFixed(1)} MiB. Split it into several.`);
  return (await api("POST", `${path}?name=${encodeURIComponent(file.name)}`, { body: file })).source;
}

/** @param {string} message */
const wrong = (message) => new ApiError(422, { code: "invalid", message, fields: { file: message } });

/** @param {KnowledgeSource} source @param {() => void} gone */
async function remove(source, gone) {
  const sure = await confirm({
    title: `Delete ${source.name}?`,
    text: `The agent forgets its ${passages(source)} at once. Answers that it gave stay as they are.`,
    verb: "Delete",
  });
  if (!sure) return;
  await tried(async () => {
    await api("DELETE", `${KNOWLEDGE}/${source.id}`);
    gone();
    say(`${source.name} is deleted.`);
  });
}

/** @param {Map<string, KnowledgeSource>} sources */
function show(sources) {
  const sorted = [...sources.values()].sort((a, b) => a.name.localeCompare(b.name));
  byId("sources").replaceChildren(...sorted.map(row));
  byId("no-sources").hidden = sorted.length > 0;
  setText(byId("sources-count"), sorted.length ? figure(sorted.length) : "");
}

/** @param {KnowledgeSource} source */
function row(source) {
  const item = clone("source-template");
  item.dataset.id = source.id;
  const name = /** @type {HTMLAnchorElement} */ (part(item, "name"));
  name.href = `${KNOWLEDGE}/${source.id}`;
  setText(name, source.name);
  setText(part(item, "count"), passages(source));
  setTime(part(item, "updated"), source.updated_at, "clock");
  for (const [name, verb] of Object.entries({ replace: "Replace", delete: "Delete" })) {
    part(item, name).setAttribute("aria-label", `${verb} ${source.name}`);
    part(item, name).title = `${verb} ${source.name}`;
  }
  return item;
}

/** @param {KnowledgeSource} source */
const passages = ({ passage_count: count }) => howMany(count, "passage");

/** @param {KnowledgeSource} source */
const added = (source) => `${source.name} is added: ${passages(source)}. The agent knows it now.`;
