import { drawnSections, type Section } from "../../trace/critical-path";
import { type Extent, placeIn } from "../../trace/layout";
import type { SpanNode } from "../../trace/tree";

interface BarMarksProps {
  node: SpanNode;
  sections: Section[] | undefined;
  view: Extent;
}

/** Nothing finer than this share of the width can be told apart. */
const FINEST = 1 / 500;

/** What stands on a bar: the critical path as a line, and events as ticks. */
export function BarMarks({ node, sections = [], view }: BarMarksProps) {
  const least = view.duration * FINEST;
  const lines = drawnSections(sections, least);
  const events = new Set(
    node.span?.logs.map(({ timestamp }) => {
      const at = timestamp + node.shift - view.start;
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
