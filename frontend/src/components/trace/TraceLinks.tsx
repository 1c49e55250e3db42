import { addressIn, fetchTraceLinks } from "../../api/trace-links";
import { useLoaded } from "../../api/use-loaded";
import { useTexts } from "../../i18n/I18n";
import { traceTexts } from "../../i18n/texts/trace";
import "../../styles/trace-links.css";

/** Links to the same trace in other systems. Nothing if none is configured or loading failed. */
export function TraceLinks({ traceId }: { traceId: string }) {
  const t = useTexts(traceTexts);
  const { data } = useLoaded(fetchTraceLinks);
  if (!data || data.length === 0) return null;
  return (
    <ul className="trace-links">
      {data.map((link) => (
        <li key={link.url}>
          <a href={addressIn(link, traceId)} target="_blank" rel="noreferrer" className="text-link">
            {t.openIn(link.name)} <span className="visually-hidden">{t.newTab}</span>
            <span aria-hidden="true">↗</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
