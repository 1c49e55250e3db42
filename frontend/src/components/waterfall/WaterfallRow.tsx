import { useI18n, useTexts } from "../../i18n/I18n";
import { tracesTexts } from "../../i18n/texts/traces";
import { labelSide, type Row } from "../../trace/layout";
import { serviceColour } from "../../trace/services";
import { Icon } from "../Icon";

interface WaterfallRowProps {
  row: Row;
  selected: boolean;
  reachable: boolean;
  onFocus(id: string): void;
  onToggle(id: string): void;
  onSelect(id: string): void;
}

export function WaterfallRow(props: WaterfallRowProps) {
  const { row, selected, reachable, onFocus, onToggle, onSelect } = props;
  const { node, level, expanded, hiddenError, left, width } = row;
  const t = useTexts(tracesTexts);
  const { format } = useI18n();
  const duration = format.duration(node.duration);
  const name = node.span ? node.name : t.missingParent;
  const label = [
    `${name} ${duration}`,
    node.service && t.rowService(node.service),
    node.error && t.rowError,
    hiddenError && t.rowHiddenError,
    node.shift !== 0 && t.rowShifted,
  ];
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree grid handles the keys of all rows
    <div
      role="row"
      className="waterfall-row"
      tabIndex={reachable ? 0 : -1}
      aria-level={level}
      aria-posinset={row.position}
      aria-setsize={row.setSize}
      aria-expanded={expanded ?? undefined}
      aria-selected={selected}
      aria-label={label.filter(Boolean).join(", ")}
      data-span-id={node.id}
      data-error={node.error}
      data-missing={node.span === null}
      style={{ "--level": level, "--colour": serviceColour(node.service) }}
      onFocus={() => onFocus(node.id)}
      onClick={() => onSelect(node.id)}
    >
      <div role="gridcell" className="waterfall-name">
        {expanded === null ? (
          <span className="waterfall-leaf" />
        ) : (
          <button
            type="button"
            tabIndex={-1}
            aria-label={expanded ? t.collapse : t.expand}
            onClick={(event) => {
              event.stopPropagation();
              onToggle(node.id);
            }}
          >
            <Icon name="chevron" />
          </button>
        )}
        <span className="waterfall-text" title={name}>
          {name}
        </span>
        {node.shift !== 0 && <Icon name="clock" />}
        {(node.error || hiddenError) && <Icon name="warning" />}
      </div>
      <div
        role="gridcell"
        className={`waterfall-time label-${labelSide(left, width)}`}
        style={{ "--left": left, "--width": width }}
      >
        <span className="waterfall-bar" />
        <span className="waterfall-duration">{duration}</span>
      </div>
    </div>
  );
}
