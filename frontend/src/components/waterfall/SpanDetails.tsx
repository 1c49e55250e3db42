import type { ReactNode } from "react";
import { useI18n, useTexts } from "../../i18n/I18n";
import { tracesTexts } from "../../i18n/texts/traces";
import { extentOf } from "../../trace/layout";
import { serviceColour } from "../../trace/services";
import { parentOf, type SpanNode, type TraceTree, tagOf } from "../../trace/tree";
import { Icon } from "../Icon";
import { SpanEvents, SpanLinks } from "./SpanEvents";
import { TagTable } from "./TagTable";
import "../../styles/details.css";

interface SpanDetailsProps {
  node: SpanNode;
  tree: TraceTree;
  onClose(): void;
}

/** Tags that say what the panel says already. */
const SAID_ABOVE = new Set(["span.kind", "error", "otel.status_code", "otel.status_description"]);

export function SpanDetails({ node, tree, onClose }: SpanDetailsProps) {
  const t = useTexts(tracesTexts);
  const { span, process } = node;
  return (
    <section className="span-details" aria-label={t.spanDetails}>
      <header>
        <h3>
          <span className="swatch" style={{ background: serviceColour(node.service) }} />
          {span ? node.name : t.missingParent}
        </h3>
        <button type="button" className="button-icon" aria-label={t.closeDetails} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {span ? (
        <>
          <Facts node={node} start={extentOf(tree).start} />
          <Section title={t.attributes}>
            <TagTable tags={span.tags.filter(({ key }) => !SAID_ABOVE.has(key))} />
          </Section>
          {span.logs.length > 0 && (
            <Section title={t.events}>
              <SpanEvents logs={span.logs} spanStart={span.startTime} />
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

function Facts({ node, start }: { node: SpanNode; start: number }) {
  const t = useTexts(tracesTexts);
  const { format } = useI18n();
  const { span, service, error, shift } = node;
  if (!span) return null;
  const description = tagOf(span, "otel.status_description");
  const facts: [string, ReactNode][] = [
    [t.service, service],
    [t.kind, tagOf(span, "span.kind") ?? "internal"],
    [t.startOffset, format.duration(node.start - start)],
    [t.duration, format.duration(node.duration)],
    [t.status, error ? [t.statusError, description].filter(Boolean).join(": ") : t.statusOk],
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

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <h4>{title}</h4>
      {children}
    </>
  );
}
