import { useRef, useState } from "preact/hooks";
import { useTexts } from "../../i18n/I18n";
import { traceTexts } from "../../i18n/texts/trace";
import type { PreparedTrace } from "../../trace/prepare";
import { useSpanSearch } from "../../trace/use-span-search";
import { useWaterfall } from "../../waterfall/use-waterfall";
import { KeyHelp } from "../waterfall/KeyHelp";
import { Waterfall } from "../waterfall/Waterfall";
import { CopyTrace } from "./CopyTrace";
import { SpanDetails } from "./SpanDetails";
import { SpanSearch } from "./SpanSearch";
import { TraceNotices } from "./TraceNotices";
import "../../styles/waterfall.css";

interface TraceViewProps {
  prepared: PreparedTrace;
  selected: string | null;
  onSelect(id: string | null): void;
  /** Turns the correction of clock skew on or off. */
  onCorrect(corrects: boolean): void;
}

/** A trace: legend, toolbar, notices, waterfall, and the details of one span. */
export function TraceView({ prepared, selected, onSelect, onCorrect }: TraceViewProps) {
  const t = useTexts(traceTexts);
  const { tree, nodes, critical, colours } = prepared;
  const state = useWaterfall(prepared, selected);
  const matches = useSpanSearch(nodes, state.reveal);
  const [showsCritical, setShowsCritical] = useState(true);
  const [helps, setHelps] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const node = selected === null ? undefined : nodes.get(selected);
  return (
    <div className="trace-view">
      <div className="trace-toolbar">
        <ServiceLegend colours={colours} />
        <SpanSearch matches={matches} field={field} />
        <div className="trace-actions">
          <button
            type="button"
            className="button-quiet"
            aria-pressed={showsCritical}
            onClick={() => setShowsCritical(!showsCritical)}
          >
            {t.criticalPath}
          </button>
          <button type="button" className="button-quiet" onClick={state.expandAll}>
            {t.expandAll}
          </button>
          <button type="button" className="button-quiet" onClick={state.collapseAll}>
            {t.collapseAll}
          </button>
          <CopyTrace traceId={tree.traceId} />
          <KeyHelp open={helps} onToggle={setHelps} />
        </div>
      </div>
      <TraceNotices prepared={prepared} state={state} onCorrect={onCorrect} />
      <div className="trace-body" data-details={node !== undefined}>
        <Waterfall
          state={state}
          prepared={prepared}
          critical={showsCritical ? critical : null}
          matches={matches.ids}
          selected={selected}
          onSelect={onSelect}
          onFind={() => {
            field.current?.focus();
            field.current?.select();
          }}
          onHelp={() => setHelps(!helps)}
        />
        {node && (
          <SpanDetails
            node={node}
            prepared={prepared}
            onZoom={() => state.zoom(node)}
            onClose={() => onSelect(null)}
          />
        )}
      </div>
    </div>
  );
}

function ServiceLegend({ colours }: { colours: Map<string, string> }) {
  const t = useTexts(traceTexts);
  return (
    <ul className="legend" aria-label={t.services}>
      {Array.from(colours, ([service, colour]) => (
        <li key={service}>
          <span className="swatch" style={{ background: colour }} />
          <bdi>{service}</bdi>
        </li>
      ))}
    </ul>
  );
}
