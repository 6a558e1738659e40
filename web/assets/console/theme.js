// A classic script in the head: the chosen theme is there before the first paint, and follows every choice, also of another tab.
(() => {
  const root = document.documentElement;
  /** @param {string | null} theme */
  const show = (theme) => {
    const chosen = theme === "light" || theme === "dark" ? theme : null;
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    for (const colour of /** @type {NodeListOf<HTMLMetaElement>} */ (document.querySelectorAll("meta[data-scheme]"))) {
      const { scheme } = colour.dataset;
      colour.media = chosen ? (scheme === chosen ? "all" : "not all") : `(prefers-color-scheme: ${scheme})`;
    }
  };
  addEventListener("baton:theme", (event) => show(/** @type {CustomEvent<string>} */ (event).detail));
  addEventListener("storage", ({ key, newValue }) => key === "baton:theme" && show(newValue));
  try {
    show(localStorage.getItem("baton:theme"));
  } catch {
    // Without storage the system's theme stands.
  }
})();
