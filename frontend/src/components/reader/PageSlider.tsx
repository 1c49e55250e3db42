import { useState } from "preact/hooks";
import { useI18n, useTexts } from "../../i18n/I18n";
import { readerTexts } from "../../i18n/texts/reader";
import type { BookPage } from "../../reader/pages";

/** The position in the book, and a slider to go to another page. */
export function PageSlider({ page, onGo }: { page: BookPage; onGo(page: number): void }) {
  const t = useTexts(readerTexts);
  const { format } = useI18n();
  const [wanted, setWanted] = useState(page.number);
  const go = () => {
    if (wanted !== page.number) onGo(wanted);
  };
  const position = t.position(format.number(wanted), format.number(page.pages));
  return (
    <div className="page-slider">
      {page.pages > 1 && (
        <input
          type="range"
          min={1}
          max={page.pages}
          value={wanted}
          aria-label={t.goToPage}
          aria-valuetext={position}
          onInput={(event) => setWanted(event.currentTarget.valueAsNumber)}
          onPointerUp={go}
          onKeyUp={(event) => event.key === "Enter" && go()}
        />
      )}
      <output className="quiet">{position}</output>
    </div>
  );
}
