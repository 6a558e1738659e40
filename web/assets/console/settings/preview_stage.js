/** @import { Boot } from "../../widget/types.js" */
/** @import { Dialogue } from "./preview_scenes.js" */
import { sceneOf } from "./preview_scenes.js";

/*
 * The page in the preview's frame. It runs the real loader and with it the real panel; only the server behind them is made up here:
 * `fetch` answers the loader's one request, and the socket plays a scene. Nothing of it reaches our server.
 */

const KEY = "preview";
const realFetch = window.fetch.bind(window);
/** @type {Boot & { dialogue: Dialogue }} */ let boot;
let scene = "greeting";

window.fetch = (input, options) =>
  String(input).endsWith(`/widget/${KEY}/boot`) ? Promise.resolve(Response.json(boot)) : realFetch(input, options);

// The widget takes the focus when it opens; whoever types beside the frame keeps it. A click still moves it.
HTMLElement.prototype.focus = () => {};

class StagedSocket {
  static OPEN = 1;
  readyState = 0;

  constructor() {
    setTimeout(() => {
      this.readyState = 1;
      this.#tell("open");
    });
  }

  /** @param {string} text */
  send(text) {
    const frame = JSON.parse(text);
    if (frame.type === "hello") this.#say(sceneOf(scene, boot));
    if (frame.type === "ping") this.#say({ type: "pong" });
  }

  close() {
    this.readyState = 3;
  }

  /** @param {object} frame */
  #say(frame) {
    setTimeout(() => this.readyState === 1 && this.#tell("message", { data: JSON.stringify(frame) }));
  }

  /** @param {string} type @param {MessageEventInit} [init] */
  #tell(type, init) {
    /** @type {any} */ (this)[`on${type}`]?.(new MessageEvent(type, init));
  }
}

/** @type {any} */ (window).WebSocket = StagedSocket;

/** Begin anew, as a visitor who has just opened the chat. */
function play() {
  /** @type {any} */ (window).$baton?.destroy();
  sessionStorage.clear();
  for (const name of Object.keys(localStorage)) if (name.startsWith(`baton:${KEY}`)) localStorage.removeItem(name);
  document.querySelector("script[data-key]")?.remove();
  document.documentElement.lang = boot.language;
  document.documentElement.dir = boot.language === "ar" ? "rtl" : "ltr";
  const script = document.createElement("script");
  script.src = "/widget.js";
  script.dataset.key = KEY;
  script.addEventListener("load", () => {
    const widget = /** @type {any} */ (window).$baton;
    if (scene === "lead") widget.showLeadForm();
    else widget.open();
  });
  document.body.append(script);
}

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent) return;
  if (data?.type === "baton.preview.ask") announce();
  if (data?.type !== "baton.preview") return;
  boot = { ...data.boot, token: "preview", conversation_id: "preview", seq: 0, holder: null, team_online: true };
  scene = data.scene;
  play();
});

const announce = () => parent.postMessage({ type: "baton.preview.ready" }, location.origin);
announce();
