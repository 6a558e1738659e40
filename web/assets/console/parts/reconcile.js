/** @type {WeakMap<Element, string>} */
const keys = new WeakMap();

/**
 * Make a container's children match a list, keeping the elements whose key is still there: focus, selection and
 * scroll position survive.
 *
 * @template T
 * @param {Element} container
 * @param {readonly T[]} list
 * @param {{key: (item: T) => string, create: (item: T) => HTMLElement, update: (element: HTMLElement, item: T) => void}} how
 */
export function reconcile(container, list, { key, create, update }) {
  const old = new Map([...container.children].map((child) => [keys.get(child), /** @type {HTMLElement} */ (child)]));
  /** @type {Element | null} */
  let next = container.firstElementChild;
  for (const item of list) {
    const name = key(item);
    const element = old.get(name) ?? create(item);
    old.delete(name);
    keys.set(element, name);
    update(element, item);
    if (element === next) next = next.nextElementSibling;
    else container.insertBefore(element, next);
  }
  for (const gone of old.values()) gone.remove();
}
