import { useEffect, useMemo, useRef, useState } from "react";
import { useTexts } from "../../i18n/I18n";
import { tracesTexts } from "../../i18n/texts/traces";
import { extentOf, layout } from "../../trace/layout";
import type { TraceTree } from "../../trace/tree";
import { type GridAction, gridAction } from "./keyboard";
import { Ruler } from "./Ruler";
import { WaterfallRow } from "./WaterfallRow";

interface WaterfallProps {
  tree: TraceTree;
  collapsed: ReadonlySet<string>;
  onCollapse(collapsed: ReadonlySet<string>): void;
  selected: string | null;
  onSelect(id: string | null): void;
}

export function Waterfall({ tree, collapsed, onCollapse, selected, onSelect }: WaterfallProps) {
  const t = useTexts(tracesTexts);
  const body = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => layout(tree, collapsed), [tree, collapsed]);
  const extent = useMemo(() => extentOf(tree), [tree]);
  const [focused, setFocused] = useState<string | null>(selected);
  // One row takes part in the tab order: the last one used, while it is visible.
  const reachable = Math.max(
    rows.findIndex(({ node }) => node.id === focused),
    0,
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a row that an address selects
  useEffect(() => {
    if (selected) rowElement(body.current, selected)?.scrollIntoView({ block: "nearest" });
  }, []);

  const toggle = (id: string) => {
    const next = new Set(collapsed);
    if (!next.delete(id)) next.add(id);
    onCollapse(next);
  };
  const act = (action: GridAction) => {
    if (action.type === "toggle") toggle(action.id);
    else if (action.type === "select") onSelect(action.id === selected ? null : action.id);
    else {
      setFocused(action.id);
      rowElement(body.current, action.id)?.focus();
    }
  };
  return (
    <div
      className="waterfall"
      role="treegrid"
      aria-label={t.waterfall}
      onKeyDown={(event) => {
        const action = gridAction(event.key, rows, reachable);
        if (!action) return;
        event.preventDefault();
        act(action);
      }}
    >
      <Ruler duration={extent.duration} />
      <div className="waterfall-body" role="rowgroup" ref={body}>
        {rows.map((row, index) => (
          <WaterfallRow
            key={row.node.id}
            row={row}
            selected={row.node.id === selected}
            reachable={index === reachable}
            onFocus={setFocused}
            onToggle={toggle}
            onSelect={(id) => act({ type: "select", id })}
          />
        ))}
      </div>
    </div>
  );
}

function rowElement(body: HTMLElement | null, id: string): HTMLElement | null {
  return body?.querySelector(`[data-span-id="${CSS.escape(id)}"]`) ?? null;
}
