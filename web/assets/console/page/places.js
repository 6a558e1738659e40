import { ApiError, api } from "../connection/api.js";
import { byId } from "../parts/dom.js";
import { tell } from "../parts/tell.js";
import { pageData } from "./data.js";

/** @typedef {{id: string, name: string, role: string}} Place a workspace that one is a member of */

/** The workspaces to switch between, in the account's menu; nothing for who has one alone. Read once. */
export async function showPlaces() {
  const list = byId("places");
  if (list.dataset.read) return;
  try {
    const { workspaces } = await api("GET", "/app/workspaces");
    list.dataset.read = "true";
    list.replaceChildren(...workspaces.map(placeButton));
    list.hidden = workspaces.length < 2;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    list.replaceChildren(failure(error.message));
    list.hidden = false;
  }
}

/** @param {string} why */
function failure(why) {
  const line = document.createElement("p");
  const again = document.createElement("button");
  line.className = "menu-head small";
  again.type = "button";
  again.className = "link";
  again.textContent = "Try again";
  again.addEventListener("click", () => void showPlaces());
  line.append(`Couldn't read your workspaces. ${why} `, again);
  return line;
}

/** @param {Place} place */
function placeButton(place) {
  const button = document.createElement("button");
  const here = place.id === pageData().me.workspace.id;
  button.type = "button";
  button.className = "menu-item";
  button.textContent = place.name;
  if (here) button.setAttribute("aria-current", "true");
  else button.addEventListener("click", () => switchTo(place.id));
  return button;
}

/** Work in another workspace from now on. @param {string} id @param {string} [path] where to go on */
export async function switchTo(id, path = "/app") {
  try {
    await api("POST", "/app/workspace", { body: { id } });
    sessionStorage.clear();
    location.assign(path);
  } catch (error) {
    tell(/** @type {Error} */ (error).message);
  }
}
