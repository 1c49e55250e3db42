import { useMemo, useState } from "react";
import { useI18n, useTexts } from "../../i18n/I18n";
import { tracesTexts } from "../../i18n/texts/traces";
import type { PreparedTrace } from "../../trace/prepare";
import { walk } from "../../trace/tree";
import { Icon } from "../Icon";
import { Legend } from "./Legend";
import { SpanDetails } from "./SpanDetails";
import { Waterfall } from "./Waterfall";
import "../../styles/waterfall.css";

interface TraceViewProps {
  prepared: PreparedTrace;
  selected: string | null;
  onSelect(id: string | null): void;
}

/** A trace with everything around it: legend, notices, waterfall, details of one span. */
export function TraceView({ prepared, selected, onSelect }: TraceViewProps) {
  const t = useTexts(tracesTexts);
  const { format } = useI18n();
  const { tree, moved } = prepared;
  const [collapsed, setCollapsed] = useState<ReadonlySet<string>>(new Set());
  const nodes = useMemo(
    () => new Map([...walk(tree.roots)].map((node) => [node.id, node])),
    [tree],
  );
  const node = selected === null ? undefined : nodes.get(selected);

  const collapseAll = () => {
    const parents = [...nodes.values()].filter(({ children }) => children.length > 0);
    setCollapsed(new Set(parents.map(({ id }) => id)));
  };
  return (
    <div className="trace-view">
      <div className="trace-toolbar">
        <Legend nodes={nodes.values()} />
        <div className="trace-actions">
          <button type="button" className="button-quiet" onClick={() => setCollapsed(new Set())}>
            {t.expandAll}
          </button>
          <button type="button" className="button-quiet" onClick={collapseAll}>
            {t.collapseAll}
          </button>
        </div>
      </div>
      {tree.missingParents > 0 && (
        <p className="notice">
          <Icon name="warning" />
          {t.missingParents(tree.missingParents, format.number(tree.missingParents))}
        </p>
      )}
      {moved > 0 && (
        <p className="notice">
          <Icon name="clock" />
          {t.clockSkew(moved, format.number(moved))}
        </p>
      )}
      <div className="trace-body" data-details={node !== undefined}>
        <Waterfall
          tree={tree}
          collapsed={collapsed}
          onCollapse={setCollapsed}
          selected={selected}
          onSelect={onSelect}
        />
        {node && <SpanDetails node={node} tree={tree} onClose={() => onSelect(null)} />}
      </div>
    </div>
  );
}
