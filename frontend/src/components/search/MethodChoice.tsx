import { useId } from "preact/hooks";
import { useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import { METHODS, type Method } from "../../search/methods";
import { RadioGroup } from "../RadioGroup";

interface MethodChoiceProps {
  method: Method;
  onChange(method: Method): void;
}

/** The search methods, with an explanation of the chosen one. */
export function MethodChoice({ method, onChange }: MethodChoiceProps) {
  const t = useTexts(resultsTexts);
  const explanation = useId();
  return (
    <div className="method">
      <RadioGroup
        label={t.method}
        name="method"
        value={method}
        options={METHODS.map((each) => [each, t[each]])}
        describedBy={explanation}
        onChange={onChange}
      />
      <p id={explanation} className="quiet">
        {t[`${method}Text`]}
      </p>
    </div>
  );
}
