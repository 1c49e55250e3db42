/** A part of the page that the server no longer has, as after an update of it. */

const KEY = "reloaded";
/** A page that fails again so soon would only be reloaded for ever. */
const ONCE_IN_MS = 60_000;

const missing = new WeakSet<Error>();

window.addEventListener("vite:preloadError", ({ payload }) => void missing.add(payload));

export function isMissingChunk(error: unknown): boolean {
  return error instanceof Error && missing.has(error);
}

/** Reloads the page, whose address is the wanted one; tells whether it may. */
export function reloadOnce(): boolean {
  try {
    if (Date.now() - Number(sessionStorage.getItem(KEY)) < ONCE_IN_MS) return false;
    sessionStorage.setItem(KEY, String(Date.now()));
  } catch {
    // Where nothing can be remembered, there is no telling how often it was tried.
    return false;
  }
  window.location.reload();
  return true;
}
