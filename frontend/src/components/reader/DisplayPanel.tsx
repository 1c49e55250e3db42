import { useI18n, useTexts } from "../../i18n/I18n";
import { readerTexts } from "../../i18n/texts/reader";
import { type Display, FACES, MEASURES, SCALES } from "../../reader/display";
import { RadioGroup } from "../RadioGroup";
import "../../styles/display.css";

interface DisplayPanelProps {
  display: Display;
  onChange(display: Display): void;
}

/** Size, line length and typeface of the text. */
export function DisplayPanel({ display, onChange }: DisplayPanelProps) {
  const t = useTexts(readerTexts);
  const { format } = useI18n();
  const change = (changed: Partial<Display>) => onChange({ ...display, ...changed });
  return (
    <details className="display">
      <summary className="button">
        <span aria-hidden="true">Aa</span>
        <span className="visually-hidden">{t.display}</span>
      </summary>
      <div className="display-panel">
        <label className="labelled">
          <span>{t.textSize}</span>
          <input
            type="range"
            min={0}
            max={SCALES.length - 1}
            value={display.size}
            aria-valuetext={format.percent(SCALES[display.size] ?? 1)}
            onInput={(event) => change({ size: event.currentTarget.valueAsNumber })}
          />
        </label>
        <div className="labelled">
          <span aria-hidden="true">{t.lineLength}</span>
          <RadioGroup
            label={t.lineLength}
            name="measure"
            value={display.measure}
            options={MEASURES.map((measure) => [measure, t.measures[measure]])}
            onChange={(measure) => change({ measure })}
          />
        </div>
        <div className="labelled">
          <span aria-hidden="true">{t.typeface}</span>
          <RadioGroup
            label={t.typeface}
            name="face"
            value={display.face}
            options={FACES.map((face) => [face, t.faces[face]])}
            onChange={(face) => change({ face })}
          />
        </div>
      </div>
    </details>
  );
}
