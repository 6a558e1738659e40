import { api } from "../connection/api.js";
import { byId } from "../parts/dom.js";
import { startForm } from "../parts/forms.js";
import { startPreview } from "./preview.js";

/** `/app/settings/system`. */
export function startSystem() {
  startForm(byId("system-form", HTMLFormElement), async (values) => {
    await api("POST", "/app/settings/system", { body: values });
    return "Saved. It is in force now.";
  });
}

/** The agent's face, on `/app/settings/agent`. */
export function startAgent() {
  const form = byId("agent-form", HTMLFormElement);
  startPreview(form, () => ({ agent: Object.fromEntries(new FormData(form)) }));
  startForm(form, async (values) => {
    await api("POST", "/app/settings/agent", { body: values });
    return "Saved. New chats have it at once.";
  });
}
