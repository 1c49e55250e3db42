import type { ComponentChildren } from "preact";
import type { Span } from "../../api/trace";
import { useI18n, useTexts } from "../../i18n/I18n";
import { spanDetailsTexts } from "../../i18n/texts/span-details";
import { criticalTime } from "../../trace/critical-path";
import type { PreparedTrace } from "../../trace/prepare";
import { hexFlags, parentOf } from "../../trace/recorded";
import type { SpanNode } from "../../trace/tree";
import { Icon } from "../Icon";

interface SpanFactsProps {
  node: SpanNode;
  span: Span;
  prepared: PreparedTrace;
}

/** The fields of a span, and its place in the trace. */
export function SpanFacts({ node, span, prepared }: SpanFactsProps) {
  const t = useTexts(spanDetailsTexts);
  const { format } = useI18n();
  const { service, kind, start, duration, error, shift } = node;
  const { timeRange, critical, tree } = prepared;
  const waited = criticalTime(critical, node.id);
  const { code, message } = span.status;
  const status = (
    <span>
      {t.statuses[code]}
      {message && ": "}
      <bdi>{message}</bdi>
    </span>
  );
  const facts: [string, ComponentChildren][] = [
    [t.service, <bdi key="service">{service}</bdi>],
    [t.kind, kind === "unspecified" ? t.kindUnspecified : kind.toUpperCase()],
    [t.startOffset, format.duration(start - timeRange.start)],
    [t.duration, format.duration(duration)],
    [
      t.criticalTime,
      waited > 0
        ? t.criticalShare(format.duration(waited), format.percent(waited / critical.duration))
        : "–",
    ],
    [t.spanId, <code key="span">{span.spanID}</code>],
    [
      t.parentId,
      <span key="parent">
        <code>{parentOf(span) ?? "–"}</code> {span.parentIsRemote && t.remote}
      </span>,
    ],
    [t.traceFlags, <code key="flags">{hexFlags(span.flags)}</code>],
  ];
  if (!error) facts.splice(5, 0, [t.status, status]);
  if (span.traceState) facts.push([t.traceState, <code key="state">{span.traceState}</code>]);
  return (
    <>
      {error && (
        <p className="span-error">
          <Icon name="warning" />
          {status}
        </p>
      )}
      <dl className="facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {tree.cycles.some(({ cut }) => cut === node) && (
        <p className="notice">
          <Icon name="warning" />
          {t.inCycle}
        </p>
      )}
      {shift !== 0 && (
        <p className="notice">
          <Icon name="clock" />
          {t.shiftedBy(format.duration(Math.abs(shift)))}
        </p>
      )}
    </>
  );
}
