// A classic script in the head: a form that is sent before the page's scripts listen would go the browser's way, to a page that
// refuses it. It waits here, and goes once they do.
(() => {
  /** @type {HTMLFormElement | null} */ let waiting = null;
  /** @param {Event} event */
  const hold = (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting = form;
  };
  addEventListener("submit", hold, true);
  addEventListener(
    "baton:listening",
    () => {
      removeEventListener("submit", hold, true);
      waiting?.requestSubmit();
    },
    { once: true },
  );
})();
