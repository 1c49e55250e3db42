import { useTexts } from "../../i18n/I18n";
import { waterfallTexts } from "../../i18n/texts/waterfall";
import { Icon } from "../Icon";

interface KeyHelpProps {
  open: boolean;
  onToggle(open: boolean): void;
}

/** The keys of the tree grid. */
export function KeyHelp({ open, onToggle }: KeyHelpProps) {
  const t = useTexts(waterfallTexts);
  const keys: [string, string][] = [
    ["↓ ↑ PgDn PgUp Home End", t.keyRows],
    ["→ ←", t.keyFold],
    ["Enter", t.keySelect],
    ["z 0", t.keyZoom],
    ["/", t.keyFind],
    ["?", t.keyHelp],
  ];
  return (
    <details
      className="key-help"
      open={open}
      onToggle={({ currentTarget }) => onToggle(currentTarget.open)}
    >
      <summary className="disclosure">
        <Icon name="chevron" />
        {t.keys}
      </summary>
      <dl>
        {keys.map(([key, does]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
