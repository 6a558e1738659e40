/** A Storage, as one browser's tabs share it. */
export function memoryStorage() {
  const store = {};
  const methods = {
    getItem: (key) => store[key] ?? null,
    setItem: (key, value) => void (store[key] = String(value)),
    removeItem: (key) => void delete store[key],
  };
  for (const [name, method] of Object.entries(methods)) Object.defineProperty(store, name, { value: method });
  return store;
}

/** Web Locks, as one browser's tabs share them. */
export function memoryLocks() {
  const held = new Set();
  return {
    async request(name, { ifAvailable }, callback) {
      if (held.has(name)) return ifAvailable ? callback(null) : new Promise(() => {});
      held.add(name);
      try {
        return await callback({ name });
      } finally {
        held.delete(name);
      }
    },
  };
}

/** Lets every promise that can settle do so. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));
