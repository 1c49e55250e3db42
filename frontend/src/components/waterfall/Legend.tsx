import { useTexts } from "../../i18n/I18n";
import { tracesTexts } from "../../i18n/texts/traces";

export function Legend({ colours }: { colours: Map<string, string> }) {
  const t = useTexts(tracesTexts);
  return (
    <ul className="legend" aria-label={t.services}>
      {Array.from(colours, ([service, colour]) => (
        <li key={service}>
          <span className="swatch" style={{ background: colour }} />
          {service}
        </li>
      ))}
    </ul>
  );
}
