/** A small value that the browser stores between visits. */
export interface StoredValue {
  read(): string | null;
  write(value: string): void;
}

/** Where storage is forbidden, `read` returns null and `write` does nothing. */
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
        // The choice then lasts until the page is closed.
      }
    },
  };
}
