/** Something small that this browser keeps from visit to visit. */
export interface StoredValue {
  read(): string | null;
  write(value: string): void;
}

/** Where storage is forbidden, nothing is kept, and the page works on. */
export function storedValue(key: string): StoredValue {
  return {
    read() {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    write(value) {
      try {
        localStorage.setItem(key, value);
      } catch {
        // The choice then lasts until the page is left.
      }
    },
  };
}
