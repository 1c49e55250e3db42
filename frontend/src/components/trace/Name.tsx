import { useTexts } from "../../i18n/I18n";
import { isolated } from "../../i18n/isolate";
import { commonTexts } from "../../i18n/texts/common";
import { isBlank } from "../../trace/names";

interface NameProps {
  name: string;
  /** Whether it is a match of the search. */
  found?: boolean;
}

/** A name from a trace. It may be empty, and it may be right-to-left. */
export function Name({ name, found = false }: NameProps) {
  const { unnamed } = useTexts(commonTexts);
  const shown = isBlank(name) ? <i className="unnamed">{unnamed}</i> : name;
  return <bdi>{found ? <mark>{shown}</mark> : shown}</bdi>;
}

/** Returns a function that makes a name fit for a string. */
export function useName(): (name: string) => string {
  const { unnamed } = useTexts(commonTexts);
  return (name) => (isBlank(name) ? unnamed : isolated(name));
}
