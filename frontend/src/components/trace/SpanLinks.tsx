import { Link } from "wouter-preact";
import type { Span } from "../../api/trace";
import { useTexts } from "../../i18n/I18n";
import { spanDetailsTexts } from "../../i18n/texts/span-details";
import { DetailsSection } from "./DetailsSection";
import { Dropped } from "./Dropped";
import { TagTable } from "./TagTable";

/** Links to other spans, of the same trace or of others. */
export function SpanLinks({ span: { links, droppedLinksCount } }: { span: Span }) {
  const t = useTexts(spanDetailsTexts);
  if (links.length === 0 && droppedLinksCount === 0) return null;
  return (
    <DetailsSection title={t.links} dropped={droppedLinksCount} says={t.droppedLinks}>
      <ul className="links">
        {links.map(({ traceID, spanID, traceState, attributes, droppedAttributesCount }, index) => (
          <li key={index}>
            <LinkedSpan traceId={traceID} spanId={spanID} />
            {traceState && (
              <p>
                {t.traceState} <code>{traceState}</code>
              </p>
            )}
            {attributes.length > 0 && <TagTable tags={attributes} />}
            <Dropped count={droppedAttributesCount} says={t.droppedAttributes} />
          </li>
        ))}
      </ul>
    </DetailsSection>
  );
}

/** A sender may leave out either id of a link. */
function LinkedSpan({ traceId, spanId }: { traceId: string; spanId: string }) {
  const t = useTexts(spanDetailsTexts);
  const address = `/traces/${traceId}${spanId && "?span="}${spanId}`;
  return (
    <>
      {traceId ? (
        <Link href={address} className="text-link">
          <code>{traceId}</code>
        </Link>
      ) : (
        "–"
      )}{" "}
      <span className="quiet">{t.linkedSpan(spanId || "–")}</span>
    </>
  );
}
