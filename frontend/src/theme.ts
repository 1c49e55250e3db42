import { storedValue } from "./local-storage";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const store = storedValue("theme");

/** The theme chosen on an earlier visit, or the system's. */
export function chosenTheme(): Theme {
  const read = store.read();
  return THEMES.find((theme) => theme === read) ?? "system";
}

export function chooseTheme(theme: Theme): void {
  store.write(theme);
  applyTheme(theme);
}

export function applyTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  // The browser's toolbar has one colour for light and one for dark.
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    meta.dataset.media ??= meta.getAttribute("media") ?? "";
    const own = meta.dataset.media.includes("dark") ? "dark" : "light";
    const media = theme === "system" ? meta.dataset.media : own === theme ? "all" : "not all";
    meta.setAttribute("media", media);
  }
}
