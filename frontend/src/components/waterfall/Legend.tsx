import { useI18n } from "../../i18n/I18n";
import { serviceColour } from "../../trace/services";
import type { SpanNode } from "../../trace/tree";

export function Legend({ nodes }: { nodes: Iterable<SpanNode> }) {
  const { t } = useI18n();
  const services = new Set(Array.from(nodes, ({ service }) => service).filter(Boolean));
  return (
    <ul className="legend" aria-label={t.services}>
      {[...services].map((service) => (
        <li key={service}>
          <span className="swatch" style={{ background: serviceColour(service) }} />
          {service}
        </li>
      ))}
    </ul>
  );
}
