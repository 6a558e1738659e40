import { api } from "./api.js";
import { byId } from "./dom.js";
import { startForm } from "./forms.js";

/** `/app/settings/system`. */
export function startSystem() {
  startForm(byId("system-form", HTMLFormElement), async (values) => {
    await api("POST", "/app/settings/system", { body: values });
    return "Saved. It is in force now.";
  });
}

/** The agent's face, on `/app/settings/agent`. */
export function startAgent() {
  startForm(byId("agent-form", HTMLFormElement), async (values) => {
    await api("POST", "/app/settings/agent", { body: values });
    return "Saved. New chats have it at once.";
  });
}
