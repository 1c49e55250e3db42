// The ranking methods. Generated from search/local/methods.py by `make generate`.

export const METHODS = ["bm25", "tfidf"] as const;
export type Method = (typeof METHODS)[number];
