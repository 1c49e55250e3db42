import { getJson } from "./http";

export interface Book {
  id: string;
  title: string;
  author: string | null;
  year: number | null;
  language: string;
  word_count: number;
}

export async function fetchBooks(signal?: AbortSignal): Promise<Book[]> {
  const { books } = await getJson<{ books: Book[] }>("/books", signal);
  return books;
}
