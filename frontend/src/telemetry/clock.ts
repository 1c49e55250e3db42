const TOLERATED_DRIFT_MS = 100;

let origin = performance.timeOrigin;

/** Milliseconds since 1970 with the monotonic clock's resolution. */
export function now(): number {
  return origin + performance.now();
}

/**
 * Sets the clock by the wall clock again if the two have drifted apart. The monotonic clock stops
 * while a laptop sleeps, and spans would then be hours earlier than those of the backend.
 */
export function followWallClock(): void {
  if (Math.abs(Date.now() - now()) > TOLERATED_DRIFT_MS) origin = Date.now() - performance.now();
}
