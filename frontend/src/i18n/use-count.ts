import { useI18n, useTexts } from "./I18n";
import { commonTexts } from "./texts/common";

/** Returns a function that writes a count. If the answer is partial, it says "at least". */
export function useCount(partial: boolean): (count: number) => string {
  const t = useTexts(commonTexts);
  const { format } = useI18n();
  return (count) => {
    const shown = format.number(count);
    return partial ? t.atLeast(shown) : shown;
  };
}
