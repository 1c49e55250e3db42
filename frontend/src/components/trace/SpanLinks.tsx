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
        {links.map((link, index) => (
          <li key={index}>
            <LinkedSpan link={link} />
          </li>
        ))}
      </ul>
    </DetailsSection>
  );
}

function LinkedSpan({ link }: { link: Span["links"][number] }) {
  const t = useTexts(spanDetailsTexts);
  const { traceID, spanID, traceState, attributes, droppedAttributesCount, isRemote } = link;
  return (
    <>
      {/* A sender may leave out either id. */}
      {traceID ? (
        <Link href={`/traces/${traceID}${spanID && `?span=${spanID}`}`} className="text-link">
          <code>{traceID}</code>
        </Link>
      ) : (
        "–"
      )}{" "}
      <span className="quiet">
        {t.linkedSpan(spanID || "–")} {isRemote && t.remote}
      </span>
      {traceState && (
        <p>
          {t.traceState} <code>{traceState}</code>
        </p>
      )}
      {attributes.length > 0 && <TagTable tags={attributes} />}
      <Dropped count={droppedAttributesCount} says={t.droppedAttributes} />
    </>
  );
}
