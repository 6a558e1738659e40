import { api, ApiError } from "../connection/api.js";
import { byId } from "../parts/dom.js";

const PAUSE_MS = 200;

/**
 * The widget beside a form, as it would be with what is typed there. The server makes of it what it would tell a visitor's browser;
 * the frame, a page of our own, runs the real widget on that.
 *
 * @param {HTMLFormElement} form
 * @param {() => Record<string, unknown>} draft The sections that the form changes.
 * @param {string} [scene] What it shows first.
 */
export function startPreview(form, draft, scene = "greeting") {
  const frame = byId("preview-frame", HTMLIFrameElement);
  const scenes = byId("preview-scene", HTMLSelectElement);
  const languages = byId("preview-language", HTMLSelectElement);
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let timer;
  let asked = 0;
  let ready = false;
  scenes.value = scene;

  const show = async () => {
    const mine = ++asked;
    try {
      const boot = await api("POST", "/app/settings/preview", { body: { ...draft(), language: languages.value } });
      if (mine === asked) frame.contentWindow?.postMessage({ type: "baton.preview", boot, scene: scenes.value }, location.origin);
    } catch (error) {
      // What cannot be taken yet is still being typed; saving says what is wrong with it.
      if (!(error instanceof ApiError)) throw error;
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => ready && show(), PAUSE_MS);
  };
  addEventListener("message", ({ origin, source, data }) => {
    if (origin !== location.origin || source !== frame.contentWindow || data?.type !== "baton.preview.ready") return;
    ready = true;
    show();
  });
  form.addEventListener("input", soon);
  for (const select of [scenes, languages]) select.addEventListener("input", soon);
  // It may have been ready before anybody listened.
  frame.contentWindow?.postMessage({ type: "baton.preview.ask" }, location.origin);
}
