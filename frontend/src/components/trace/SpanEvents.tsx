import { Link } from "wouter-preact";
import type { Log, Reference } from "../../api/trace";
import { useI18n, useTexts } from "../../i18n/I18n";
import { spanDetailsTexts } from "../../i18n/texts/span-details";
import { TagTable } from "./TagTable";

interface SpanEventsProps {
  logs: Log[];
  spanStart: number;
  /** When the span began, in microseconds after the trace. */
  sinceTraceStart: number;
}

export function SpanEvents({ logs, spanStart, sinceTraceStart }: SpanEventsProps) {
  const t = useTexts(spanDetailsTexts);
  const { format } = useI18n();
  return (
    <ol className="events">
      {logs.map(({ timestamp, fields }, index) => (
        <li key={index}>
          <p>
            <b>{eventName(fields)}</b> +{format.duration(timestamp - spanStart)}{" "}
            <span className="quiet">
              {t.sinceTraceStart(format.duration(timestamp - spanStart + sinceTraceStart))}
            </span>
          </p>
          <TagTable tags={fields.filter(({ key }) => key !== "event")} />
        </li>
      ))}
    </ol>
  );
}

/** Links of this span to other traces. */
export function SpanLinks({ references }: { references: Reference[] }) {
  const t = useTexts(spanDetailsTexts);
  const links = references.filter(({ refType }) => refType === "FOLLOWS_FROM");
  if (links.length === 0) return null;
  return (
    <>
      <h4>{t.links}</h4>
      <ul className="links">
        {links.map(({ traceID, spanID }) => (
          <li key={spanID}>
            <Link href={`/traces/${traceID}?span=${spanID}`} className="text-link">
              <code>{traceID}</code>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

function eventName(fields: Log["fields"]): string {
  return String(fields.find(({ key }) => key === "event")?.value ?? "");
}
