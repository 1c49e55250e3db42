import { type ComponentChildren, Fragment } from "preact";
import type { Tag } from "../../api/trace";
import { useTexts } from "../../i18n/I18n";
import { spanDetailsTexts } from "../../i18n/texts/span-details";
import { keyOf } from "../../trace/recorded";

/** A field that is not an attribute, with the page's name for it. */
export type Field = [name: string, value: string];

interface TagTableProps {
  tags: readonly Tag[];
  /** Shown above the attributes. */
  fields?: readonly Field[];
}

export function TagTable({ tags, fields = [] }: TagTableProps) {
  const t = useTexts(spanDetailsTexts);
  if (tags.length === 0 && fields.length === 0) return <p className="quiet">{t.none}</p>;
  return (
    <dl className="tags">
      {fields.map(([name, value]) => (
        <div key={name} className="tags-field">
          <dt>{name}</dt>
          <dd>
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
      {tags.map((tag, index) => (
        <div key={index}>
          <dt>
            <bdi>{breakable(keyOf(tag))}</bdi>
          </dt>
          <dd>
            <bdi>{String(tag.value)}</bdi>
          </dd>
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
