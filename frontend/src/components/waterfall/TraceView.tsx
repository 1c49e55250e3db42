import { useRef, useState } from "preact/hooks";
import { useTexts } from "../../i18n/I18n";
import { waterfallTexts } from "../../i18n/texts/waterfall";
import type { PreparedTrace } from "../../trace/prepare";
import { CopyTrace } from "./CopyTrace";
import { FindField } from "./FindField";
import { KeyHelp } from "./KeyHelp";
import { Legend } from "./Legend";
import { Notices } from "./Notices";
import { SpanDetails } from "./SpanDetails";
import { useMatches } from "./use-matches";
import { useWaterfall } from "./use-waterfall";
import { Waterfall } from "./Waterfall";
import "../../styles/waterfall.css";

interface TraceViewProps {
  prepared: PreparedTrace;
  selected: string | null;
  onSelect(id: string | null): void;
}

/** A trace with everything around it: legend, tools, notices, waterfall, details of one span. */
export function TraceView({ prepared, selected, onSelect }: TraceViewProps) {
  const t = useTexts(waterfallTexts);
  const { tree, nodes, critical, colours } = prepared;
  const state = useWaterfall(prepared, selected);
  const matches = useMatches(nodes, state.reveal);
  const [showsCritical, setShowsCritical] = useState(true);
  const [helps, setHelps] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const node = selected === null ? undefined : nodes.get(selected);
  return (
    <div className="trace-view">
      <div className="trace-toolbar">
        <Legend colours={colours} />
        <FindField matches={matches} field={field} />
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
      <Notices prepared={prepared} state={state} />
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
