import { Skeleton } from "../Skeleton";

/** Keeps the places of the histogram and of so many rows. */
export function TracesLoading({ rows, label }: { rows: number; label: string }) {
  return (
    <div className="traces-loading">
      <div className="histogram" aria-hidden="true" />
      <Skeleton rows={rows} label={label} />
    </div>
  );
}
