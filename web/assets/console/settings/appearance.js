import { api } from "../connection/api.js";
import { byId } from "../parts/dom.js";
import { startForm } from "../parts/forms.js";
import { startPreview } from "./preview.js";
import { lines } from "./rules.js";

/** `/app/settings/appearance`. @param {{appearance: {accent: string}}} settings */
export function startAppearance({ appearance }) {
  const form = byId("appearance-form", HTMLFormElement);
  const accent = byId("accent", HTMLInputElement);
  const pick = byId("accent-pick", HTMLInputElement);
  pick.addEventListener("input", () => {
    accent.value = pick.value;
  });
  accent.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(accent.value.trim())) pick.value = accent.value.trim();
  });
  const language = byId("language", HTMLSelectElement);
  language.addEventListener("input", () => {
    byId("preview-language", HTMLSelectElement).value = language.value;
  });
  startForm(form, async () => {
    const { settings } = await api("POST", "/app/settings/appearance", { body: { ...gathered(form), language: language.value } });
    accent.value = settings.appearance.accent;
    return "Saved. The next page that loads the chat has it.";
  });
  startPreview(form, () => gathered(form));
  if (appearance.accent) pick.value = appearance.accent;
}

/** @param {HTMLFormElement} form */
function gathered(form) {
  const typed = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name.replace("appearance.", ""), String(value)]));
  const { accent, theme, position, face, questions = "" } = typed;
  return { appearance: { accent, theme, position, face, questions: lines(questions) } };
}
