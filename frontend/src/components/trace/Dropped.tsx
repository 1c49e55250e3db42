import { useI18n } from "../../i18n/I18n";
import { Icon } from "../Icon";

interface DroppedProps {
  count: number;
  says(count: number, shown: string): string;
}

/** A note on what was dropped from a span. Empty if nothing was. */
export function Dropped({ count, says }: DroppedProps) {
  const { format } = useI18n();
  if (count === 0) return null;
  return (
    <p className="notice">
      <Icon name="warning" />
      {says(count, format.number(count))}
    </p>
  );
}
