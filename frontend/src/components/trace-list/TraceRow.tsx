import { Link } from "wouter-preact";
import type { TraceSummary } from "../../api/trace-list";
import { useI18n, useTexts } from "../../i18n/I18n";
import { comparisonTexts } from "../../i18n/texts/comparison";
import { traceListTexts } from "../../i18n/texts/trace-list";
import { serviceColour } from "../../trace/service-colours";
import { MICROSECOND } from "../../trace-list/list";
import { relativeTime } from "../../trace-list/relative-time";
import { Icon } from "../Icon";
import { Name, useName } from "../trace/Name";

interface TraceRowProps {
  trace: TraceSummary;
  /** Microseconds, of the longest trace in the list. */
  longest: number;
  /** Milliseconds since 1970. */
  now: number;
  fresh: boolean;
  chosen: boolean;
  choosable: boolean;
  onChoose(id: string, choose: boolean): void;
}

export function TraceRow(props: TraceRowProps) {
  const { trace, longest, now, fresh, chosen, choosable, onChoose } = props;
  const t = useTexts(traceListTexts);
  const comparison = useTexts(comparisonTexts);
  const { format, language } = useI18n();
  const { trace_id: id, name, query, services, spans, errors, start, duration } = trace;
  const named = useName();
  const short = id.slice(0, 8);
  return (
    <tr data-trace-id={id} className={fresh ? "fresh" : undefined}>
      <td className="choose">
        <input
          type="checkbox"
          aria-label={comparison.selectTrace(`${named(name)} ${short}`)}
          checked={chosen}
          disabled={!choosable}
          onChange={(event) => onChoose(id, event.currentTarget.checked)}
        />
      </td>
      <th scope="row">
        <Link href={`/traces/${id}`}>
          {query && <span className="query">{t.query(query)}</span>}{" "}
          <span>
            <Name name={name} />
          </span>
        </Link>
        <code>{short}</code>
        {errors > 0 && (
          <span className="badge-error">
            <Icon name="warning" />
            {t.errors(errors, format.number(errors))}
          </span>
        )}
      </th>
      <td className="services">
        <ul className="legend">
          {services.map(({ name, spans }) => (
            <li key={name} title={t.spans(spans, format.number(spans))}>
              <span className="swatch" style={{ background: serviceColour(name) }} />
              <bdi>{name}</bdi>
            </li>
          ))}
        </ul>
      </td>
      <td data-label={t.columnSpans} className="numeric">
        {format.number(spans)}
      </td>
      <td className="started">
        <time
          dateTime={new Date(start / 1000).toISOString()}
          // Formatting a first date with Intl takes as long as rendering all rows.
          onPointerEnter={({ currentTarget }) => {
            currentTarget.title = format.dateTime(start / 1000);
          }}
        >
          {relativeTime(start / 1000, now, language)}
        </time>
      </td>
      <td className="duration-cell">
        <span>{format.duration(duration * MICROSECOND)}</span>
        <span className="duration-bar" aria-hidden="true">
          <span style={{ inlineSize: `${(duration / longest) * 100}%` }} />
        </span>
      </td>
    </tr>
  );
}
