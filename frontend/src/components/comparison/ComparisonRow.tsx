import type { ComparedNode, Side } from "../../comparison/compare";
import { formatRatio, signed } from "../../comparison/difference";
import { useI18n, useTexts } from "../../i18n/I18n";
import { comparisonTexts } from "../../i18n/texts/comparison";
import { serviceColour } from "../../trace/service-colours";
import { Name } from "../trace/Name";

interface ComparisonRowProps {
  node: ComparedNode;
  /** Nanoseconds: the largest difference of all rows. */
  largest: number;
  indented: boolean;
}

export function ComparisonRow({ node, largest, indented }: ComparisonRowProps) {
  const t = useTexts(comparisonTexts);
  const { format } = useI18n();
  const { name, service, missing, level, a, b, difference, ratio } = node;
  const only = a ? (b ? null : t.onlyFirst) : t.onlySecond;
  return (
    <tr>
      <th scope="row" style={indented ? { "--level": level - 1 } : undefined}>
        <span className="visually-hidden">{t.level(format.number(level))}</span>
        <span
          className="swatch"
          style={{ background: missing ? "var(--line-strong)" : serviceColour(service) }}
        />
        <span className="name">{missing ? t.missingParent : <Name name={name} />}</span>
        {service && (
          <span className="service">
            <bdi>{service}</bdi>
          </span>
        )}
        {only && <span className="only">{only}</span>}
      </th>
      <td className="numeric" data-label={t.columnFirst}>
        <SideCell side={a} />
      </td>
      <td className="numeric" data-label={t.columnSecond}>
        <SideCell side={b} />
      </td>
      <td className="difference">
        <Difference difference={difference} ratio={ratio} largest={largest} />
      </td>
    </tr>
  );
}

function SideCell({ side }: { side: Side | null }) {
  const t = useTexts(comparisonTexts);
  const { format } = useI18n();
  if (!side) return <span className="quiet">–</span>;
  const { count, errors, total } = side;
  return (
    <>
      {format.duration(total)}
      {count > 1 && <small>{t.times(format.number(count), format.duration(total / count))}</small>}
      {errors > 0 && <small className="failed">{t.failed(errors, format.number(errors))}</small>}
    </>
  );
}

interface DifferenceProps {
  difference: number;
  ratio: number | null;
  largest: number;
}

/** A difference as a number, and as a bar to the left (faster) or to the right (slower). */
export function Difference({ difference, ratio, largest }: DifferenceProps) {
  const { format, language } = useI18n();
  const share = `${(Math.abs(difference) / largest) * 50}%`;
  return (
    <>
      <span className="difference-text">
        {signed(difference, format.duration)}
        {ratio !== null && <small>{formatRatio(ratio, language)}</small>}
      </span>
      <span className="difference-bar" aria-hidden="true">
        <span
          className={difference > 0 ? "slower" : "faster"}
          style={{
            inlineSize: share,
            [difference > 0 ? "insetInlineStart" : "insetInlineEnd"]: "50%",
          }}
        />
      </span>
    </>
  );
}
