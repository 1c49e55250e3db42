import { useI18n, useTexts } from "../../i18n/I18n";
import { traceListTexts } from "../../i18n/texts/trace-list";
import { type TraceList, unseen } from "../../trace-list/list";
import { pauseAfter } from "../../trace-list/use-polling";
import { Icon } from "../Icon";

interface ListStatusProps {
  list: TraceList;
  live: boolean;
  failures: number;
  onRelease(): void;
}

/** The number of traces, and the state of the live update. */
export function ListStatus({ list, live, failures, onRelease }: ListStatusProps) {
  const t = useTexts(traceListTexts);
  const { format } = useI18n();
  const { matching, rows, fresh } = list;
  const waiting = unseen(list).length;
  const arrivals = waiting || fresh.size;
  const count =
    rows.length < matching
      ? t.foundShown(matching, format.number(matching), format.number(rows.length))
      : t.found(matching, format.number(matching));
  return (
    <div className="list-status">
      {/* Read out when the filters change; a live list tells what is new instead. */}
      <p role={live ? undefined : "status"}>{count}</p>
      <p role="status" className="visually-hidden">
        {arrivals > 0 && t.arrived(arrivals, format.number(arrivals))}
      </p>
      {waiting > 0 && (
        <button type="button" className="button" onClick={onRelease}>
          <Icon name="refresh" />
          {t.arrived(waiting, format.number(waiting))}
        </button>
      )}
      {failures > 0 && (
        <p className="notice" role="status">
          <Icon name="offline" />
          {t.liveFailed(format.duration(pauseAfter(failures) * 1e6))}
        </p>
      )}
    </div>
  );
}
