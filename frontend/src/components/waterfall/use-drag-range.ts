import type { TargetedPointerEvent } from "preact";
import { useState } from "preact/hooks";

interface DragRange {
  left: number;
  width: number;
}

/** A shorter drag counts as a click. */
const LEAST = 0.01;

/** A range dragged across an element with a pointer, in shares of the element's width. */
export function useDragRange(onDrawn: (left: number, width: number) => void) {
  const [drawn, setDrawn] = useState<{ from: number; to: number } | null>(null);
  const stretch: DragRange | null = drawn && {
    left: Math.min(drawn.from, drawn.to),
    width: Math.abs(drawn.to - drawn.from),
  };
  const handlers = {
    onPointerDown(event: TargetedPointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.preventDefault();
      event.currentTarget.setPointerCapture(event.pointerId);
      const from = shareOf(event);
      setDrawn({ from, to: from });
    },
    onPointerMove(event: TargetedPointerEvent<HTMLElement>) {
      if (drawn) setDrawn({ ...drawn, to: shareOf(event) });
    },
    onPointerUp() {
      setDrawn(null);
      if (stretch && stretch.width >= LEAST) onDrawn(stretch.left, stretch.width);
    },
    onPointerCancel: () => setDrawn(null),
  };
  return { stretch, handlers };
}

function shareOf({ clientX, currentTarget }: TargetedPointerEvent<HTMLElement>): number {
  const { left, width } = currentTarget.getBoundingClientRect();
  return Math.min(Math.max((clientX - left) / width, 0), 1);
}
