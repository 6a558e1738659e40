/** @import {Actions} from "../keys/actions.js" */
import { ApiError, api } from "../connection/api.js";
import { announce } from "../parts/announce.js";
import { byId } from "../parts/dom.js";
import { listWrong } from "./load.js";

/**
 * The button and the key that mark all of a list as read: at once, and taken back in words when it is refused.
 *
 * @param {Actions} actions
 * @param {object} list
 * @param {string} list.path where it is asked for
 * @param {() => () => void} list.mark shows it; gives what undoes that
 * @param {(answer: any) => void} list.marked told what the server says of it
 * @param {string} list.said to who listens
 */
export function provideReadAll(actions, { path, mark, marked, said }) {
  const readAll = async () => {
    const undo = mark();
    try {
      marked(await api("POST", path));
      announce(said);
    } catch (error) {
      undo();
      if (!(error instanceof ApiError)) throw error;
      listWrong(`Nothing was marked as read. ${error.message}`, () => void readAll());
    }
  };
  byId("read-all").addEventListener("click", () => void readAll());
  actions.provide({ "read-all": readAll });
}
