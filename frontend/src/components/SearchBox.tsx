import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import { useI18n } from "../i18n/I18n";
import { Icon } from "./Icon";

interface SearchBoxProps {
  query: string;
  onSubmit(query: string): void;
}

export function SearchBox({ query, onSubmit }: SearchBoxProps) {
  const { t } = useI18n();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(query);
  const [shownFor, setShownFor] = useState(query);
  if (shownFor !== query) {
    setShownFor(query);
    setText(query);
  }
  useFocusOnSlash(input);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = text.trim();
    if (wanted) onSubmit(wanted);
    else input.current?.focus();
  };
  return (
    <search>
      <form className="search-box" onSubmit={submit}>
        <Icon name="search" />
        <input
          ref={input}
          type="search"
          name="q"
          aria-label={t.searchLabel}
          placeholder={t.searchPlaceholder}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={500}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="key" aria-hidden="true">
          /
        </span>
        <button type="submit" className="button-primary">
          {t.searchButton}
        </button>
      </form>
    </search>
  );
}

function useFocusOnSlash(input: RefObject<HTMLInputElement | null>) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (target.matches("input, select, textarea, [contenteditable]")) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [input]);
}
