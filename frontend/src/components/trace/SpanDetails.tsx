import type { ComponentChildren } from "preact";
import { useCallback, useLayoutEffect } from "preact/hooks";
import { useI18n, useTexts } from "../../i18n/I18n";
import { spanDetailsTexts } from "../../i18n/texts/span-details";
import { traceTexts } from "../../i18n/texts/trace";
import { criticalTime } from "../../trace/critical-path";
import type { PreparedTrace } from "../../trace/prepare";
import { parentOf, type SpanNode, tagOf } from "../../trace/tree";
import { Icon } from "../Icon";
import { SpanEvents, SpanLinks } from "./SpanEvents";
import { TagTable } from "./TagTable";
import "../../styles/details.css";

interface SpanDetailsProps {
  node: SpanNode;
  prepared: PreparedTrace;
  onZoom(): void;
  onClose(): void;
}

const ROWS = ["[role=row][aria-selected=true]", "[role=row][tabindex='0']"];

/** Tags that the panel shows elsewhere. */
const SHOWN_ABOVE = new Set(["span.kind", "error", "otel.status_code", "otel.status_description"]);

export function SpanDetails({ node, prepared, onZoom, onClose }: SpanDetailsProps) {
  const t = useTexts(spanDetailsTexts);
  const { missingParent } = useTexts(traceTexts);
  const { span, process } = node;
  const close = useClosing(onClose);
  return (
    <section className="span-details" aria-label={t.spanDetails}>
      <header>
        <h3>
          <span className="swatch" style={{ background: prepared.colours.get(node.service) }} />
          {span ? node.name : missingParent}
        </h3>
        <button type="button" className="button-icon" aria-label={t.closeDetails} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {span ? (
        <>
          <ErrorStatus node={node} />
          <Facts node={node} prepared={prepared} />
          <button type="button" className="button" aria-keyshortcuts="z" onClick={onZoom}>
            {t.zoomToSpan}
          </button>
          <Section title={t.attributes}>
            <TagTable tags={span.tags.filter(({ key }) => !SHOWN_ABOVE.has(key))} />
          </Section>
          {span.logs.length > 0 && (
            <Section title={t.events}>
              <SpanEvents
                logs={span.logs}
                spanStart={span.startTime}
                sinceTraceStart={node.start - prepared.timeRange.start}
              />
            </Section>
          )}
          <SpanLinks references={span.references} />
          <Section title={t.resource}>
            <TagTable tags={process?.tags ?? []} />
          </Section>
        </>
      ) : (
        <p>{t.missingParentText}</p>
      )}
    </section>
  );
}

function ErrorStatus({ node: { span, error } }: { node: SpanNode }) {
  const t = useTexts(spanDetailsTexts);
  if (!error) return null;
  const description = tagOf(span, "otel.status_description");
  return (
    <p className="span-error">
      <Icon name="warning" />
      {[t.statusError, description].filter(Boolean).join(": ")}
    </p>
  );
}

function Facts({
  node,
  prepared: { timeRange, critical },
}: {
  node: SpanNode;
  prepared: PreparedTrace;
}) {
  const t = useTexts(spanDetailsTexts);
  const { format } = useI18n();
  const { span, service, error, shift } = node;
  if (!span) return null;
  const waited = criticalTime(critical, node.id);
  const facts: [string, ComponentChildren][] = [
    [t.service, service],
    [t.kind, tagOf(span, "span.kind") ?? "internal"],
    [t.startOffset, format.duration(node.start - timeRange.start)],
    [t.duration, format.duration(node.duration)],
    [
      t.criticalTime,
      waited > 0
        ? t.criticalShare(format.duration(waited), format.percent(waited / critical.duration))
        : "–",
    ],
    ...(error ? [] : ([[t.status, t.statusOk]] as [string, ComponentChildren][])),
    [t.spanId, <code key="span">{span.spanID}</code>],
    [t.parentId, <code key="parent">{parentOf(span) ?? "–"}</code>],
  ];
  return (
    <>
      <dl className="facts">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {shift !== 0 && (
        <p className="notice">
          <Icon name="clock" />
          {t.shiftedBy(format.duration(shift))}
        </p>
      )}
    </>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <>
      <h4>{title}</h4>
      {children}
    </>
  );
}

/**
 * Returns a function that closes the details of a span; Escape does the same, before any other use
 * of it. The focus returns to the row of the span, or to the row in the tab order.
 */
function useClosing(onClose: () => void): () => void {
  const close = useCallback(() => {
    const grid = document.querySelector("[role=treegrid]");
    const row = ROWS.map((each) => grid?.querySelector<HTMLElement>(each)).find((each) => each);
    onClose();
    row?.focus();
  }, [onClose]);
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || (event.target as Element).matches("input, select")) return;
      event.stopPropagation();
      close();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [close]);
  return close;
}
