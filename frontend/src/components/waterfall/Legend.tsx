import { useTexts } from "../../i18n/I18n";
import { tracesTexts } from "../../i18n/texts/traces";
import { serviceColour } from "../../trace/services";
import type { SpanNode } from "../../trace/tree";

export function Legend({ nodes }: { nodes: Iterable<SpanNode> }) {
  const t = useTexts(tracesTexts);
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
