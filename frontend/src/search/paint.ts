import { flushSync } from "preact/compat";

/** A timeout, since hidden tabs draw no frames. */
const LONGEST_WAIT_MS = 100;

/** Applies a change of state and resolves once the browser has drawn it. */
export async function paint(change: () => void): Promise<void> {
  flushSync(change);
  await drawn();
}

/** A frame is drawn after its callbacks, and before the next task. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, LONGEST_WAIT_MS);
    requestAnimationFrame(() =>
      setTimeout(() => {
        clearTimeout(timer);
        resolve();
      }),
    );
  });
}
