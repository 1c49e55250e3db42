import { useTexts } from "../../i18n/I18n";
import { traceListTexts } from "../../i18n/texts/trace-list";
import { MOST_COMPARED } from "../../trace-list/address";
import type { TraceList } from "../../trace-list/list";
import { useNow } from "../../trace-list/relative-time";
import { TraceRow } from "./TraceRow";

interface TraceTableProps {
  list: TraceList;
  /** The ids of the traces selected for comparison. */
  chosen: readonly string[];
  /** Whether the rows still belong to the previous request. */
  busy: boolean;
  onChoose(id: string, choose: boolean): void;
}

export function TraceTable({ list: { rows, fresh }, chosen, busy, onChoose }: TraceTableProps) {
  const t = useTexts(traceListTexts);
  const now = useNow();
  const longest = Math.max(...rows.map(({ duration }) => duration), 1);
  return (
    <table className="table traces" aria-label={t.table} aria-busy={busy}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">{t.columnCompare}</span>
          </th>
          <th scope="col">{t.columnTrace}</th>
          <th scope="col">{t.columnServices}</th>
          <th scope="col" className="numeric">
            {t.columnSpans}
          </th>
          <th scope="col">{t.columnStarted}</th>
          <th scope="col">{t.columnDuration}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((trace) => {
          const isChosen = chosen.includes(trace.trace_id);
          return (
            <TraceRow
              key={trace.trace_id}
              trace={trace}
              longest={longest}
              now={now}
              fresh={fresh.has(trace.trace_id)}
              chosen={isChosen}
              choosable={isChosen || chosen.length < MOST_COMPARED}
              onChoose={onChoose}
            />
          );
        })}
      </tbody>
    </table>
  );
}
