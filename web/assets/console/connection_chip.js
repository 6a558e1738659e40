import { signIn } from "./api.js";
import { byId, setText } from "./dom.js";

const SHOW_AFTER_MS = 1_000;
const SIGNED_OUT = 4003;

/** "Reconnecting…" once it has lasted long enough to matter. @returns {(state: string, code?: number) => void} */
export function connectionChip() {
  const chip = byId("connection");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  setText(/** @type {Element} */ (chip.querySelector("span")), "Reconnecting…");
  return (state, code) => {
    if (state === "ended" && code === SIGNED_OUT) return signIn();
    if (state === "live") {
      clearTimeout(timer);
      timer = undefined;
      chip.hidden = true;
    } else timer ??= setTimeout(() => (chip.hidden = false), SHOW_AFTER_MS);
  };
}
