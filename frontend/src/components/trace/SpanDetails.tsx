import { useCallback, useLayoutEffect } from "preact/hooks";
import { useTexts } from "../../i18n/I18n";
import { spanDetailsTexts } from "../../i18n/texts/span-details";
import { traceTexts } from "../../i18n/texts/trace";
import type { PreparedTrace } from "../../trace/prepare";
import { attributesOf } from "../../trace/recorded";
import type { SpanNode } from "../../trace/tree";
import { Icon } from "../Icon";
import { DetailsSection } from "./DetailsSection";
import { Name } from "./Name";
import { SpanEvents } from "./SpanEvents";
import { SpanFacts } from "./SpanFacts";
import { SpanLinks } from "./SpanLinks";
import { SpanResource, SpanScope } from "./SpanOrigin";
import { TagTable } from "./TagTable";
import "../../styles/details.css";

interface SpanDetailsProps {
  node: SpanNode;
  prepared: PreparedTrace;
  onZoom(): void;
  onClose(): void;
}

const ROWS = ["[role=row][aria-selected=true]", "[role=row][tabindex='0']"];

export function SpanDetails({ node, prepared, onZoom, onClose }: SpanDetailsProps) {
  const t = useTexts(spanDetailsTexts);
  const { missingParent } = useTexts(traceTexts);
  const { span, process, scope } = node;
  const close = useClosing(onClose);
  return (
    <section className="span-details" aria-label={t.spanDetails}>
      <header>
        <h3>
          <span className="swatch" style={{ background: prepared.colours.get(node.service) }} />
          {span ? <Name name={node.name} /> : missingParent}
        </h3>
        <button type="button" className="button-icon" aria-label={t.closeDetails} onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      {span ? (
        <>
          <SpanFacts node={node} span={span} prepared={prepared} />
          <button type="button" className="button" aria-keyshortcuts="z" onClick={onZoom}>
            {t.zoomToSpan}
          </button>
          <DetailsSection
            title={t.attributes}
            dropped={span.droppedAttributesCount}
            says={t.droppedAttributes}
          >
            <TagTable tags={attributesOf(span)} />
          </DetailsSection>
          <SpanEvents span={span} node={node} traceStart={prepared.timeRange.start} />
          <SpanLinks span={span} />
          {scope && <SpanScope scope={scope} />}
          {process && <SpanResource process={process} />}
        </>
      ) : (
        <p>{t.missingParentText}</p>
      )}
    </section>
  );
}

/**
 * Returns a function that closes the details of a span; Escape does the same, before any other use
 * of it. The focus returns to the row of the span, or to the row in the tab order.
 */
function useClosing(onClose: () => void): () => void {
  const close = useCallback(() => {
    const grid = document.querySelector("[role=treegrid]");
    const row = ROWS.map((each) => grid?.querySelector<HTMLElement>(each)).find((each) => each);
    onClose();
    row?.focus();
  }, [onClose]);
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || (event.target as Element).matches("input, select")) return;
      event.stopPropagation();
      close();
    };
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [close]);
  return close;
}
