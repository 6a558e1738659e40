/** What the pages of a list beside a thread have in common. */

/** Which thing an address below `base` names. @param {string} base @param {string} path */
export const idBelow = (base, path) => {
  const id = path.slice(base.length + 1);
  return id ? decodeURIComponent(id) : null;
};

/** Esc in a field leaves it. */
export function leaveField() {
  const field = document.activeElement;
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement)) return false;
  field.blur();
  return true;
}

/** Back in the list one is where one left it. @param {string | null} id */
export const focusRow = (id) => {
  if (id) /** @type {HTMLElement | null} */ (document.querySelector(`#rows > [data-id="${CSS.escape(id)}"] a`))?.focus();
};

export const narrow = () => matchMedia("(max-width: 767px)").matches;
