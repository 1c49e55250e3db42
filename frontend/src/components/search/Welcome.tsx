import type { ComponentChildren } from "preact";
import { useTexts } from "../../i18n/I18n";
import { searchTexts } from "../../i18n/texts/search";

interface WelcomeProps {
  box: ComponentChildren;
  onPick(query: string): void;
}

/** The search page before the first search. */
export function Welcome({ box, onPick }: WelcomeProps) {
  const t = useTexts(searchTexts);
  return (
    <div className="welcome">
      <h1>{t.welcomeTitle}</h1>
      <p className="lead">{t.welcomeText}</p>
      {box}
      <div className="welcome-examples">
        <p>{t.tryOne}</p>
        <Examples onPick={onPick} />
      </div>
      <Picture />
    </div>
  );
}

function Examples({ onPick }: { onPick(query: string): void }) {
  const t = useTexts(searchTexts);
  return (
    <ul className="examples" lang="en">
      {t.examples.map((query) => (
        <li key={query}>
          <button type="button" className="chip" onClick={() => onPick(query)}>
            {query}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Length of a line of text, position of its highlight, start and length of the bar beside it. */
const LINES = [
  [92, 30, 0, 100],
  [97, null, 4, 18],
  [88, 58, 22, 46],
  [95, null, 26, 36],
  [90, 12, 32, 20],
  [96, null, 36, 12],
  [54, null, 70, 28],
] as const;

/** A picture of a page of a book beside a trace. */
function Picture() {
  return (
    <div className="picture" aria-hidden="true">
      {LINES.map(([length, mark, start, width], line) => (
        <div key={length}>
          <span style={{ inlineSize: `${length}%` }}>
            {mark !== null && <i style={{ insetInlineStart: `${mark}%` }} />}
          </span>
          <span
            className={line < 3 || line > 5 ? "browser" : "server"}
            style={{ inlineSize: `${width}%`, marginInlineStart: `${start}%` }}
          />
        </div>
      ))}
    </div>
  );
}
