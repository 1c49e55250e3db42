import { Link } from "wouter";
import type { Log, Reference } from "../../api/traces";
import { useI18n, useTexts } from "../../i18n/I18n";
import { tracesTexts } from "../../i18n/texts/traces";
import { TagTable } from "./TagTable";

export function SpanEvents({ logs, spanStart }: { logs: Log[]; spanStart: number }) {
  const { format } = useI18n();
  return (
    <ol className="events">
      {logs.map(({ timestamp, fields }) => (
        <li key={`${timestamp}-${eventName(fields)}`}>
          <p>
            <b>{eventName(fields)}</b> +{format.duration(timestamp - spanStart)}
          </p>
          <TagTable tags={fields.filter(({ key }) => key !== "event")} />
        </li>
      ))}
    </ol>
  );
}

/** Other traces that this span points to. */
export function SpanLinks({ references }: { references: Reference[] }) {
  const t = useTexts(tracesTexts);
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
