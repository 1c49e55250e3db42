import { memo } from "preact/compat";
import { useI18n, useTexts } from "../../i18n/I18n";
import { traceTexts } from "../../i18n/texts/trace";
import { waterfallTexts } from "../../i18n/texts/waterfall";
import type { Section } from "../../trace/critical-path";
import type { TimeRange } from "../../trace/tree";
import { labelSide, placeIn, type Row } from "../../waterfall/layout";
import { Icon } from "../Icon";
import { Name, useName } from "../trace/Name";
import { BarOverlay } from "./BarOverlay";

interface WaterfallRowProps {
  row: Row;
  /** The row's number, from 0. */
  place: number;
  view: TimeRange;
  colour: string | undefined;
  /** The sections of the critical path that are this span's. */
  sections: Section[] | undefined;
  selected: boolean;
  reachable: boolean;
  matched: boolean;
  /** Whether to show the service, because several services share a colour. */
  namesService: boolean;
}

/** A row only displays a span. The grid handles clicks and keys. */
export const WaterfallRow = memo(function WaterfallRow(props: WaterfallRowProps) {
  const { row, place, view, colour, sections, selected, reachable, matched, namesService } = props;
  const { node, level, expanded } = row;
  const t = useTexts(waterfallTexts);
  const { missingParent } = useTexts(traceTexts);
  const { format } = useI18n();
  const { left, width, beyond, cutLeft, cutRight } = placeIn(view, node);
  const duration = format.duration(node.duration);
  const named = useName();
  const name = node.span ? named(node.name) : missingParent;
  const hiddenError = expanded === false && node.errorBelow;
  const label = [
    `${name} ${duration}`,
    node.service && t.rowService(node.service),
    node.error && t.rowError,
    hiddenError && t.rowHiddenError,
    node.shift !== 0 && t.rowShifted,
    beyond && t.rowBeyond[beyond],
    (cutLeft || cutRight) && t.rowCut,
    sections && t.rowCritical,
    matched && t.rowMatch,
  ];
  return (
    <div
      role="row"
      className="waterfall-row"
      tabIndex={reachable ? 0 : -1}
      aria-rowindex={place + 2}
      aria-level={level}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      aria-expanded={expanded ?? undefined}
      aria-selected={selected}
      aria-label={label.filter(Boolean).join(", ")}
      data-span-id={node.id}
      data-error={node.error}
      data-missing={node.span === null}
      style={{ "--place": place, "--level": level, "--colour": colour ?? "transparent" }}
    >
      <div role="gridcell" className="waterfall-name">
        {expanded === null ? (
          <span className="waterfall-leaf" />
        ) : (
          <button type="button" tabIndex={-1} aria-label={expanded ? t.collapse : t.expand}>
            <Icon name="chevron" />
          </button>
        )}
        <span className="waterfall-text" title={name}>
          {node.span ? <Name name={node.name} found={matched} /> : missingParent}
        </span>
        {namesService && node.service && (
          <span className="waterfall-service" title={node.service}>
            <bdi>{node.service}</bdi>
          </span>
        )}
        {node.shift !== 0 && <Icon name="clock" />}
        {(node.error || hiddenError) && <Icon name="warning" />}
      </div>
      <div
        role="gridcell"
        className={`waterfall-time label-${labelSide(left, width)}`}
        data-beyond={beyond ?? undefined}
        style={{ "--left": left, "--width": width }}
      >
        {!beyond && (
          <>
            <span className="waterfall-bar" data-cut-left={cutLeft} data-cut-right={cutRight} />
            <BarOverlay node={node} sections={sections} view={view} />
          </>
        )}
        <span className="waterfall-duration">{duration}</span>
      </div>
    </div>
  );
});
