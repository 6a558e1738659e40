import { byId } from "./dom.js";

/** Below 1024 px the details are a sheet over the conversation. @returns {{close: () => boolean}} `close`: whether it was open */
export function startDetailsSheet() {
  const toggle = byId("details-toggle");
  const set = (/** @type {boolean} */ open) => {
    document.body.toggleAttribute("data-details", open);
    toggle.setAttribute("aria-expanded", String(open));
    if (open) byId("details-close").focus();
  };
  const close = () => {
    if (!document.body.hasAttribute("data-details")) return false;
    set(false);
    toggle.focus();
    return true;
  };
  toggle.addEventListener("click", () => (document.body.hasAttribute("data-details") ? close() : set(true)));
  byId("details-close").addEventListener("click", close);
  return { close };
}
