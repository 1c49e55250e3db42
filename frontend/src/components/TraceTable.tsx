import { Link } from "wouter";
import { useI18n, useTexts } from "../i18n/I18n";
import { tracesTexts } from "../i18n/texts/traces";
import { serviceColour } from "../trace/services";
import type { TraceSummary } from "../trace/summary";
import { Icon } from "./Icon";

export function TraceTable({ summaries }: { summaries: TraceSummary[] }) {
  const t = useTexts(tracesTexts);
  const longest = Math.max(...summaries.map(({ duration }) => duration), 1);
  return (
    <table className="table traces">
      <thead>
        <tr>
          <th scope="col">{t.columnTrace}</th>
          <th scope="col">{t.services}</th>
          <th scope="col" className="numeric">
            {t.columnSpans}
          </th>
          <th scope="col">{t.columnStarted}</th>
          <th scope="col">{t.columnDuration}</th>
        </tr>
      </thead>
      <tbody>
        {summaries.map((summary) => (
          <TraceRow key={summary.traceId} summary={summary} longest={longest} />
        ))}
      </tbody>
    </table>
  );
}

function TraceRow({ summary, longest }: { summary: TraceSummary; longest: number }) {
  const t = useTexts(tracesTexts);
  const { format } = useI18n();
  const { traceId, root, services, spanCount, errorCount, start, duration } = summary;
  return (
    <tr data-trace-id={traceId}>
      <th scope="row">
        <Link href={`/traces/${traceId}`}>{root}</Link>
        <code>{traceId.slice(0, 8)}</code>
        {errorCount > 0 && (
          <span className="badge-error">
            <Icon name="warning" />
            {t.errors(errorCount, format.number(errorCount))}
          </span>
        )}
      </th>
      <td data-label={t.services}>
        <ul className="legend">
          {services.map(({ name }) => (
            <li key={name}>
              <span className="swatch" style={{ background: serviceColour(name) }} />
              {name}
            </li>
          ))}
        </ul>
      </td>
      <td data-label={t.columnSpans} className="numeric">
        {format.number(spanCount)}
      </td>
      <td data-label={t.columnStarted}>
        <time dateTime={new Date(start / 1000).toISOString()}>{format.dateTime(start)}</time>
      </td>
      <td data-label={t.columnDuration} className="duration-cell">
        <span>{format.duration(duration)}</span>
        <span className="duration-bar" aria-hidden="true">
          <span style={{ inlineSize: `${(duration / longest) * 100}%` }} />
        </span>
      </td>
    </tr>
  );
}
