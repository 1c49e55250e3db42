import { type ComponentChildren, Fragment } from "preact";
import type { Tag } from "../../api/trace";
import { useTexts } from "../../i18n/I18n";
import { spanDetailsTexts } from "../../i18n/texts/span-details";

export function TagTable({ tags }: { tags: Tag[] }) {
  const t = useTexts(spanDetailsTexts);
  if (tags.length === 0) return <p className="quiet">{t.none}</p>;
  return (
    <dl className="tags">
      {tags.map(({ key, value }) => (
        <div key={key}>
          <dt>{breakable(key)}</dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Lets long names break after a dot or an underscore. */
function breakable(key: string): ComponentChildren {
  return key.split(/(?<=[._])/).map((part, index) => (
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ));
}
