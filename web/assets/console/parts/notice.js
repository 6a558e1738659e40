import { ApiError } from "../connection/api.js";
import { announce } from "./announce.js";
import { byId, setText } from "./dom.js";

/** The line of a settings page that says how things went. @param {string} id */
export function noticeAt(id) {
  /** @param {string} text @param {boolean} [failed] */
  const say = (text, failed = false) => {
    const notice = byId(id);
    setText(notice, text);
    notice.hidden = false;
    notice.classList.toggle("notice-danger", failed);
    notice.scrollIntoView({ block: "nearest" });
    announce(text);
  };
  /** Do something; a refusal is said. @param {() => Promise<unknown>} what */
  const tried = async (what) => {
    try {
      await what();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      say(error.message, true);
    }
  };
  return { say, tried };
}
