import type { RefObject } from "preact";
import { useI18n, useTexts } from "../../i18n/I18n";
import { traceTexts } from "../../i18n/texts/trace";
import type { SpanMatches } from "../../trace/use-span-search";
import { Icon } from "../Icon";

interface SpanSearchProps {
  matches: SpanMatches;
  field: RefObject<HTMLInputElement>;
}

/** A search for spans. The browser's own search finds only the rows that are drawn. */
export function SpanSearch({ matches, field }: SpanSearchProps) {
  const t = useTexts(traceTexts);
  const { format } = useI18n();
  const { text, setText, count, at, go } = matches;
  const shown = format.number(count);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    go(event.shiftKey);
  };
  return (
    <search className="trace-find" aria-label={t.find}>
      <input
        ref={field}
        type="search"
        dir="auto"
        aria-label={t.find}
        placeholder={t.findHint}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        autoComplete="off"
        autoCapitalize="none"
        spellcheck={false}
        maxLength={200}
      />
      <span className="found" aria-live="polite" aria-atomic="true">
        {text.trim() && (at > 0 ? t.foundAt(format.number(at), shown) : t.found(count, shown))}
      </span>
      <button
        type="button"
        className="button-icon"
        aria-label={t.previousMatch}
        disabled={count === 0}
        onClick={() => go(true)}
      >
        <Icon name="back" />
      </button>
      <button
        type="button"
        className="button-icon"
        aria-label={t.nextMatch}
        disabled={count === 0}
        onClick={() => go(false)}
      >
        <Icon name="arrow" />
      </button>
    </search>
  );
}
