import { useId } from "preact/hooks";
import { Link } from "wouter-preact";
import type { Durations } from "../../api/trace-list";
import { useI18n, useTexts } from "../../i18n/I18n";
import { traceListTexts } from "../../i18n/texts/trace-list";
import { type TraceListRequest, traceListAddress } from "../../trace-list/address";
import { type Bar, barsOf } from "../../trace-list/histogram";
import { MICROSECOND } from "../../trace-list/list";

const MOST_BARS = 24;

interface DurationHistogramProps {
  durations: Durations;
  request: TraceListRequest;
}

/** The durations of the traces. Each bar links to the traces in its range. */
export function DurationHistogram({ durations, request }: DurationHistogramProps) {
  const t = useTexts(traceListTexts);
  const { format } = useI18n();
  const hint = useId();
  const bars = barsOf(durations.histogram, MOST_BARS);
  const shown = (micros: number) => format.duration(micros * MICROSECOND);
  const highest = Math.max(...bars.map(({ traces }) => traces), 1);
  const { median, p95 } = durations;
  return (
    <section className="histogram" aria-labelledby={`${hint}title`}>
      <header>
        <h2 id={`${hint}title`}>{t.histogram}</h2>
        <p>{median !== null && p95 !== null && t.percentiles(shown(median), shown(p95))}</p>
        <p id={hint} className="quiet">
          {t.histogramHint}
        </p>
      </header>
      <div className="histogram-sheet">
        <ol className="histogram-bars" aria-describedby={hint}>
          {bars.map((bar) => (
            <li key={bar.from} aria-hidden={bar.traces === 0}>
              {bar.traces > 0 && <BarLink bar={bar} highest={highest} request={request} />}
            </li>
          ))}
        </ol>
        <Axis bars={bars} />
      </div>
    </section>
  );
}

function BarLink({
  bar,
  highest,
  request,
}: {
  bar: Bar;
  highest: number;
  request: TraceListRequest;
}) {
  const t = useTexts(traceListTexts);
  const { format } = useI18n();
  const { traces, errors } = bar;
  const shown = (micros: number) => format.duration(micros * MICROSECOND);
  const range = { min: bar.from ? bar.from / 1000 : null, max: bar.to / 1000 };
  const isChosen = request.min === range.min && request.max === range.max;
  const name = [
    t.bar(shown(bar.from), shown(bar.to)),
    t.barTraces(traces, format.number(traces), errors, format.number(errors)),
    ...(isChosen ? [t.barChosen] : []),
  ].join(": ");
  const to = { ...request, ...(isChosen ? { min: null, max: null } : range), shown: 0 };
  return (
    <Link
      href={traceListAddress(to)}
      aria-label={name}
      title={name}
      aria-current={isChosen ? "true" : undefined}
      className={isInside(bar, request) ? undefined : "outside"}
    >
      <span style={{ flexGrow: highest - traces }} />
      {errors > 0 && <span className="bar-errors" style={{ flexGrow: errors }} />}
      {traces > errors && <span className="bar" style={{ flexGrow: traces - errors }} />}
    </Link>
  );
}

/** Durations below the bars, at regular steps. */
function Axis({ bars }: { bars: readonly Bar[] }) {
  const { format } = useI18n();
  const step = Math.max(Math.ceil(bars.length / 6), 1);
  return (
    <div className="histogram-axis" aria-hidden="true">
      {bars.map(({ from }, at) => (
        <span key={from}>
          {at % step === 0 && (
            <span className={at ? "tick" : undefined}>{format.duration(from * MICROSECOND)}</span>
          )}
        </span>
      ))}
    </div>
  );
}

/** Whether the bar overlaps the range that the request asks for. */
function isInside(bar: Bar, { min, max }: TraceListRequest): boolean {
  return (min === null || bar.to > min * 1000) && (max === null || bar.from < max * 1000);
}
