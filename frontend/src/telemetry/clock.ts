const TOLERATED_DRIFT_MS = 100;

let origin = performance.timeOrigin;

/** Milliseconds since 1970 with the monotonic clock's resolution. */
export function now(): number {
  return origin + performance.now();
}

/**
 * Follows the wall clock again when the monotonic clock has fallen behind it: it stands still
 * while a laptop sleeps, and spans would then land hours before those of the backend.
 */
export function followWallClock(): void {
  if (Math.abs(Date.now() - now()) > TOLERATED_DRIFT_MS) origin = Date.now() - performance.now();
}
