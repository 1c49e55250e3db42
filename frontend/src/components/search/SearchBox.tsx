import { useRef, useState } from "preact/hooks";
import { useTexts } from "../../i18n/I18n";
import { searchTexts } from "../../i18n/texts/search";
import { Icon } from "../Icon";
import { useSlash } from "../use-keys";

interface SearchBoxProps {
  query: string;
  onSubmit(query: string): void;
}

export function SearchBox({ query, onSubmit }: SearchBoxProps) {
  const t = useTexts(searchTexts);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(query);
  const [shownFor, setShownFor] = useState(query);
  if (shownFor !== query) {
    setShownFor(query);
    setText(query);
  }
  useSlash(input);

  const submit = (event: SubmitEvent) => {
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
          dir="auto"
          name="q"
          aria-label={t.searchLabel}
          placeholder={t.searchPlaceholder}
          autoComplete="off"
          autoCapitalize="none"
          spellcheck={false}
          enterKeyHint="search"
          maxLength={500}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
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
