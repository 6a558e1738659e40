// A classic script in the head: the chosen theme is there before the first paint.
(() => {
  try {
    const theme = localStorage.getItem("baton:theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Without storage the system's theme stands.
  }
})();
