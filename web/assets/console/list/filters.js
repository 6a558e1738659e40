/** @import {View} from "../types.js" */
import { byId } from "../parts/dom.js";

const PAUSE_MS = 250;

/** @param {URLSearchParams} query @returns {View} */
export function viewFrom(query) {
  const holder = query.get("holder") ?? "";
  return {
    show: query.get("show") === "all" ? "all" : "engaged",
    q: query.get("q")?.trim() ?? "",
    tag: query.get("tag") ?? "",
    holder: ["waiting", "mine", "bot", "others"].includes(holder) ? /** @type {View["holder"]} */ (holder) : "",
  };
}

/** What differs from the default view, as it stands in the address. @param {View} view */
export function queryOf(view) {
  const { show, ...others } = paramsOf(view);
  const query = new URLSearchParams({ ...(show === "all" && { show }), ...others });
  return query.size ? `?${query}` : "";
}

/** What the server is asked for. @param {View} view @returns {Record<string, string>} */
export const paramsOf = ({ show, q, holder, tag }) => ({ show, ...(q && { q }), ...(holder && { holder }), ...(tag && { tag }) });

/** The bar over the list. @param {View} view @param {(view: View) => void} onChange */
export function startFilters(view, onChange) {
  const all = byId("show-all", HTMLInputElement);
  const search = byId("search", HTMLInputElement);
  const holders = byId("holders");
  const tag = byId("tag-filter", HTMLSelectElement);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  const changed = () => {
    clearTimeout(pause);
    const holder = /** @type {HTMLInputElement | null} */ (holders.querySelector("input:checked"))?.value ?? "";
    onChange({ show: all.checked ? "all" : "engaged", q: search.value.trim(), holder: /** @type {View["holder"]} */ (holder), tag: tag.value });
  };
  setFilters(view);
  all.addEventListener("change", changed);
  holders.addEventListener("change", changed);
  tag.addEventListener("change", changed);
  search.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(changed, PAUSE_MS);
  });
  byId("clear-filters").addEventListener("click", () => {
    setFilters({ show: all.checked ? "all" : "engaged", q: "", holder: "", tag: "" });
    changed();
  });
}

/** Make the bar say what the view is. @param {View} view */
export function setFilters({ show, q, holder, tag }) {
  byId("tag-filter", HTMLSelectElement).value = tag;
  byId("show-all", HTMLInputElement).checked = show === "all";
  byId("search", HTMLInputElement).value = q;
  for (const input of byId("holders").querySelectorAll("input")) input.checked = input.value === holder;
}
