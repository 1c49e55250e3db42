import type { ComponentChildren } from "preact";
import { Dropped } from "./Dropped";

interface DetailsSectionProps {
  title: string;
  /** How many items of this kind were dropped before they were stored. */
  dropped: number;
  says(count: number, shown: string): string;
  children: ComponentChildren;
}

/** A part of a span's details, with a note if something was dropped from it. */
export function DetailsSection({ title, dropped, says, children }: DetailsSectionProps) {
  return (
    <>
      <h4>{title}</h4>
      {children}
      <Dropped count={dropped} says={says} />
    </>
  );
}
