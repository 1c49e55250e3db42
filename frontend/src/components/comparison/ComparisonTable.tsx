import { useMemo } from "preact/hooks";
import { Link } from "wouter-preact";
import { type ComparedOrder, compareTraces, inOrder } from "../../comparison/compare";
import { useI18n, useTexts } from "../../i18n/I18n";
import { comparisonTexts } from "../../i18n/texts/comparison";
import { type TraceTree, timeRangeOf } from "../../trace/tree";
import { ComparisonRow, Difference } from "./ComparisonRow";

interface ComparisonTableProps {
  a: TraceTree;
  b: TraceTree;
  order: ComparedOrder;
}

/** The spans of both traces side by side. Spans at the same place share a row. */
export function ComparisonTable({ a, b, order }: ComparisonTableProps) {
  const t = useTexts(comparisonTexts);
  const { format } = useI18n();
  const compared = useMemo(() => compareTraces(a, b), [a, b]);
  const rows = useMemo(() => inOrder(compared, order), [compared, order]);
  const largest = Math.max(...rows.map(({ difference }) => Math.abs(difference)), 1);
  const [first, second] = [timeRangeOf(a).duration, timeRangeOf(b).duration];
  const base = `/traces/${a.traceId}?with=${b.traceId}`;
  const sortable = (by: ComparedOrder, href: string, label: string, title: string) => (
    <th
      scope="col"
      aria-sort={order === by ? (by === "tree" ? "ascending" : "descending") : undefined}
    >
      <Link href={href} replace title={title}>
        {label}
      </Link>
    </th>
  );
  return (
    <>
      {rows.every(({ a, b }) => !a || !b) && <p className="notice">{t.nothingShared}</p>}
      <table className="table comparison" aria-label={t.table}>
        <thead>
          <tr>
            {sortable("tree", base, t.columnSpan, t.treeOrder)}
            <th scope="col" className="numeric">
              {t.columnFirst}
            </th>
            <th scope="col" className="numeric">
              {t.columnSecond}
            </th>
            {sortable(
              "difference",
              `${base}&sort=difference`,
              t.columnDifference,
              t.differenceOrder,
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((node) => (
            <ComparisonRow
              key={node.key}
              node={node}
              largest={largest}
              indented={order === "tree"}
            />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t.total}</th>
            <td className="numeric" data-label={t.columnFirst}>
              {format.duration(first)}
            </td>
            <td className="numeric" data-label={t.columnSecond}>
              {format.duration(second)}
            </td>
            <td className="difference">
              <Difference
                difference={second - first}
                ratio={first > 0 ? second / first : null}
                largest={Math.max(largest, Math.abs(second - first))}
              />
            </td>
          </tr>
        </tfoot>
      </table>
    </>
  );
}
