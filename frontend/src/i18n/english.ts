import { isolated } from "./isolate";

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

let rules: Intl.PluralRules | undefined;

/** The English plural form for a number. Japanese has only one form. */
export function plural(count: number, forms: Forms): string {
  rules ??= new Intl.PluralRules("en");
  return forms[rules.select(count)] ?? forms.other;
}

/** A number of books in English. */
export function books(count: number, shown: string): string {
  return `${shown} ${plural(count, { one: "book", other: "books" })}`;
}

/** A text that begins a line. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A query in quotation marks, unless it has its own. */
export function quoted(query: string): string {
  const shown = isolated(query);
  return /["“”]/.test(query) ? shown : `“${shown}”`;
}
