type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

let rules: Intl.PluralRules | undefined;

/** The form of an English text that goes with a number. Japanese has but one. */
export function plural(count: number, forms: Forms): string {
  rules ??= new Intl.PluralRules("en");
  return forms[rules.select(count)] ?? forms.other;
}

/** Books in English, counted. */
export function books(count: number, shown: string): string {
  return `${shown} ${plural(count, { one: "book", other: "books" })}`;
}

/** A query between quotation marks, unless it has its own. */
export function quoted(query: string): string {
  return /["“”]/.test(query) ? query : `“${query}”`;
}
