import { en } from "./en";

/** Every text, with its parameters; a language that lacks one does not compile. */
export type Messages = typeof en;

export const LANGUAGES = ["en", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", ja: "日本語" };

/** English is part of the page; other languages are fetched by those who read them. */
export async function loadMessages(language: Language): Promise<Messages> {
  return language === "ja" ? (await import("./ja")).ja : en;
}
