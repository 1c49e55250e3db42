import type { Process, Scope, Tag } from "../../api/trace";
import { useTexts } from "../../i18n/I18n";
import { spanDetailsTexts } from "../../i18n/texts/span-details";
import { DetailsSection } from "./DetailsSection";
import { type Field, TagTable } from "./TagTable";

/** The library that created a span. */
export function SpanScope({ scope }: { scope: Scope }) {
  const t = useTexts(spanDetailsTexts);
  const fields: Field[] = [
    [t.scopeName, scope.name],
    [t.scopeVersion, scope.version],
    [t.schemaUrl, scope.schemaUrl],
  ];
  return <Origin title={t.scope} fields={fields} {...scope} />;
}

/** The process that a span comes from. */
export function SpanResource({ process }: { process: Process }) {
  const t = useTexts(spanDetailsTexts);
  const fields: Field[] = [[t.schemaUrl, process.schemaUrl]];
  const { tags, droppedAttributesCount } = process;
  return (
    <Origin
      title={t.resource}
      fields={fields}
      attributes={tags}
      droppedAttributesCount={droppedAttributesCount}
    />
  );
}

interface OriginProps {
  title: string;
  fields: Field[];
  attributes: Tag[];
  droppedAttributesCount: number;
}

function Origin({ title, fields, attributes, droppedAttributesCount }: OriginProps) {
  const t = useTexts(spanDetailsTexts);
  return (
    <DetailsSection title={title} dropped={droppedAttributesCount} says={t.droppedAttributes}>
      <TagTable tags={attributes} fields={fields.filter(([, value]) => value !== "")} />
    </DetailsSection>
  );
}
