/**
 * What the visitor has begun to write, kept for this tab across pages.
 *
 * @param {string} key
 * @returns {{ read(): string, write(text: string): void }}
 */
export function draftOf(key) {
  const name = `baton:${key}:draft`;
  return {
    read() {
      try {
        return sessionStorage.getItem(name) ?? "";
      } catch {
        return "";
      }
    },
    write(text) {
      try {
        if (text) sessionStorage.setItem(name, text);
        else sessionStorage.removeItem(name);
      } catch {
        // A browser that forbids storage: the draft lives as long as the page.
      }
    },
  };
}
