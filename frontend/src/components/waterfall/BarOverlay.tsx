import { drawnSections, type Section } from "../../trace/critical-path";
import { sinceStart } from "../../trace/recorded";
import type { SpanNode, TimeRange } from "../../trace/tree";
import { placeIn } from "../../waterfall/layout";

interface BarOverlayProps {
  node: SpanNode;
  sections: Section[] | undefined;
  view: TimeRange;
}

/** The smallest visible distance, as a share of the width. */
const FINEST = 1 / 500;

/** What is drawn on a bar: the critical path as a line, and events as ticks. */
export function BarOverlay({ node, sections = [], view }: BarOverlayProps) {
  const { span, start } = node;
  const least = view.duration * FINEST;
  const lines = drawnSections(sections, least);
  const events = new Set(
    span?.logs.map((log) => {
      const at = start + sinceStart(log, span) - view.start;
      return Math.round(at / (least || 1)) * FINEST;
    }),
  );
  return (
    <>
      {lines.map((line) => {
        const { left, width, beyond } = placeIn(view, line);
        return (
          !beyond && (
            <span
              key={line.start}
              className="waterfall-critical"
              style={{ "--left": left, "--width": width }}
            />
          )
        );
      })}
      {[...events].map(
        (left) =>
          left >= 0 &&
          left <= 1 && <span key={left} className="waterfall-event" style={{ "--left": left }} />,
      )}
    </>
  );
}
