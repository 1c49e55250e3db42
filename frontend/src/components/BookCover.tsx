import { coverOf } from "../library/cover";
import "../styles/cover.css";

interface BookCoverProps {
  id: string;
  title: string;
  author: string | null;
  language?: string | undefined;
}

/** A drawn cover. Decorative: title and author are in the text beside it. */
export function BookCover({ id, title, author, language = "en" }: BookCoverProps) {
  const { cloth, design, titleSize } = coverOf(id, title, author);
  return (
    <span
      className={`cover design-${design}`}
      style={{ "--cloth": `var(--cloth-${cloth})`, "--title-size": `${titleSize}cqi` }}
      lang={language}
      aria-hidden="true"
    >
      <span className="cover-board">
        <span className="cover-title">{title}</span>
        {author && <span className="cover-author">{author}</span>}
      </span>
    </span>
  );
}
