import type { Span } from "../../api/trace";
import { useI18n, useTexts } from "../../i18n/I18n";
import { spanDetailsTexts } from "../../i18n/texts/span-details";
import { eventAttributes, sinceStart } from "../../trace/recorded";
import type { SpanNode } from "../../trace/tree";
import { DetailsSection } from "./DetailsSection";
import { Dropped } from "./Dropped";
import { Name } from "./Name";
import { TagTable } from "./TagTable";

interface SpanEventsProps {
  span: Span;
  node: SpanNode;
  /** The start of the trace as it is drawn, in the time of the tree. */
  traceStart: number;
}

export function SpanEvents({ span, node, traceStart }: SpanEventsProps) {
  const t = useTexts(spanDetailsTexts);
  const { format } = useI18n();
  if (span.logs.length === 0 && span.droppedEventsCount === 0) return null;
  return (
    <DetailsSection title={t.events} dropped={span.droppedEventsCount} says={t.droppedEvents}>
      <ol className="events">
        {span.logs.map((log, index) => {
          const since = sinceStart(log, span);
          return (
            <li key={index}>
              <p>
                <b>
                  <Name name={log.name} />
                </b>{" "}
                {since >= 0 && "+"}
                {format.duration(since)}{" "}
                <span className="quiet">
                  {t.sinceTraceStart(format.duration(node.start - traceStart + since))}
                </span>
              </p>
              <TagTable tags={eventAttributes(log)} />
              <Dropped count={log.droppedAttributesCount} says={t.droppedAttributes} />
            </li>
          );
        })}
      </ol>
    </DetailsSection>
  );
}
