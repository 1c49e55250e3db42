/** Waits until an unreachable server is back, and calls those who wait for it. */

import { get } from "../api/http";

export interface ServerState {
  asking: boolean;
  /** The time of the next request, on the clock of `performance.now()`. */
  next: number;
}

const FIRST_MS = 1500;
const LONGEST_MS = 30_000;
const TIMEOUT_MS = 5000;
/** If the server is gone again within this time, the pauses keep growing. */
const STABLE_MS = 60_000;

const waiting = new Set<() => void>();
const listeners = new Set<() => void>();
let state: ServerState = { asking: false, next: 0 };
let timer: ReturnType<typeof setTimeout> | undefined;
let tries = 0;
let backAt = Number.NEGATIVE_INFINITY;

/** Calls `onBack` once the server is ready. Returns a function that stops waiting. */
export function awaitServer(onBack: () => void): () => void {
  if (waiting.size === 0) {
    if (performance.now() - backAt > STABLE_MS) tries = 0;
    window.addEventListener("online", askNow);
    document.addEventListener("visibilitychange", askIfVisible);
    schedule();
  }
  waiting.add(onBack);
  return () => {
    if (waiting.delete(onBack) && waiting.size === 0) stop();
  };
}

/** Asks the server now, if anyone waits for it. */
export async function askNow(): Promise<void> {
  if (state.asking || waiting.size === 0) return;
  clearTimeout(timer);
  set({ asking: true, next: 0 });
  const ready = await isReady();
  set({ asking: false, next: 0 });
  if (waiting.size === 0) return;
  if (!ready) return schedule();
  backAt = performance.now();
  const callbacks = [...waiting];
  waiting.clear();
  stop();
  for (const onBack of callbacks) onBack();
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function serverState(): ServerState {
  return state;
}

async function isReady(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return (await get("/readyz", { cache: "no-store", signal })).response.ok;
  } catch {
    return false;
  }
}

/** A third of the delay is random, so that not all tabs ask a new server at the same time. */
function schedule(): void {
  const longest = Math.min(FIRST_MS * 2 ** tries++, LONGEST_MS);
  const delay = longest * (1 - Math.random() / 3);
  clearTimeout(timer);
  timer = setTimeout(askIfVisible, delay);
  set({ asking: false, next: performance.now() + delay });
}

function askIfVisible(): void {
  if (document.visibilityState === "visible") void askNow();
}

function stop(): void {
  clearTimeout(timer);
  window.removeEventListener("online", askNow);
  document.removeEventListener("visibilitychange", askIfVisible);
}

function set(next: ServerState): void {
  state = next;
  for (const listener of listeners) listener();
}
