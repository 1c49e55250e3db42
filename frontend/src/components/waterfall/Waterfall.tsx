import { flushSync } from "preact/compat";
import { useEffect, useRef } from "preact/hooks";
import { useTexts } from "../../i18n/I18n";
import { waterfallTexts } from "../../i18n/texts/waterfall";
import type { CriticalPath } from "../../trace/critical-path";
import type { PreparedTrace } from "../../trace/prepare";
import { shareColours } from "../../trace/service-colours";
import { gridAction } from "../../waterfall/keyboard";
import type { WaterfallState } from "../../waterfall/use-waterfall";
import { drawnRows, useVisibleRows } from "../../waterfall/visible-rows";
import { Ruler } from "./Ruler";
import { WaterfallRow } from "./WaterfallRow";

interface WaterfallProps {
  state: WaterfallState;
  prepared: PreparedTrace;
  /** Null if it is hidden. */
  critical: CriticalPath | null;
  matches: ReadonlySet<string>;
  selected: string | null;
  onSelect(id: string | null): void;
  onFind(): void;
  onHelp(): void;
}

export function Waterfall(props: WaterfallProps) {
  const { state, prepared, critical, matches, selected, onSelect, onFind, onHelp } = props;
  const { rows, places, current, revealed, view, zoomed } = state;
  const t = useTexts(waterfallTexts);
  const namesServices = shareColours(prepared.colours);
  const list = useRef<HTMLDivElement>(null);
  const range = useVisibleRows(list, rows.length);

  // The span that the address names may arrive after the others.
  const there = revealed !== null && places.has(revealed.id);
  useEffect(() => {
    if (there && revealed)
      rowElement(list.current, revealed.id)?.scrollIntoView({ block: "nearest" });
  }, [revealed, there]);

  const select = (id: string) => onSelect(id === selected ? null : id);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = places.get(rowIdOf(event.target) ?? "") ?? current;
    const action = gridAction(event.key, rows, at);
    if (!action || (action.type === "whole" && !zoomed)) return;
    event.preventDefault();
    switch (action.type) {
      case "focus":
        // The row in the tab order is always drawn, however far away it is.
        flushSync(() => state.setCurrent(action.id));
        return rowElement(list.current, action.id)?.focus();
      case "toggle":
        return state.toggle(action.id);
      case "select":
        return select(action.id);
      case "zoom":
        return state.zoom(rows[at]?.node ?? null);
      case "whole":
        return state.zoom(null);
      case "find":
        return onFind();
      case "help":
        return onHelp();
    }
  };
  const onClick = (event: MouseEvent) => {
    const id = rowIdOf(event.target);
    if (!id) return;
    state.setCurrent(id);
    if ((event.target as Element).closest("button")) state.toggle(id);
    else select(id);
  };
  return (
    <div
      className="waterfall"
      role="treegrid"
      aria-label={t.waterfall}
      aria-rowcount={rows.length + 1}
      onKeyDown={onKeyDown}
    >
      <Ruler view={view} origin={prepared.timeRange.start} onZoom={state.zoom} />
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree grid handles the keys of all rows */}
      <div
        className="waterfall-body"
        role="rowgroup"
        ref={list}
        style={{ "--rows": rows.length }}
        onClick={onClick}
        onFocusIn={({ target }) => {
          const id = rowIdOf(target);
          if (id) state.setCurrent(id);
        }}
      >
        {drawnRows(range, rows.length, current).map((place) => {
          const row = rows[place];
          return (
            row && (
              <WaterfallRow
                key={row.node.id}
                row={row}
                place={place}
                view={view}
                colour={prepared.colours.get(row.node.service)}
                sections={critical?.bySpan.get(row.node.id)}
                selected={row.node.id === selected}
                reachable={place === current}
                matched={matches.has(row.node.id)}
                namesService={namesServices}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function rowElement(list: HTMLElement | null, id: string): HTMLElement | null {
  return list?.querySelector(`[data-span-id="${CSS.escape(id)}"]`) ?? null;
}

function rowIdOf(target: EventTarget | null): string | undefined {
  return (target as Element | null)?.closest<HTMLElement>("[data-span-id]")?.dataset.spanId;
}
