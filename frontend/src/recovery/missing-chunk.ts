/** A chunk of the page that the server no longer has, because it was updated. */

const KEY = "reloaded";
/** A page that fails again within this time is not reloaded again. */
const ONCE_IN_MS = 60_000;

const missing = new WeakSet<Error>();

window.addEventListener("vite:preloadError", ({ payload }) => void missing.add(payload));

export function isMissingChunk(error: unknown): boolean {
  return error instanceof Error && missing.has(error);
}

/** Reloads the page, unless it was just reloaded. Returns whether it does. */
export function reloadOnce(): boolean {
  try {
    if (Date.now() - Number(sessionStorage.getItem(KEY)) < ONCE_IN_MS) return false;
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch {
    // Without storage, the number of reloads is unknown.
    return false;
  }
  window.location.reload();
  return true;
}
