import "../styles/radio-group.css";

interface RadioGroupProps<Value extends string> {
  label: string;
  /** The name of the radio buttons, unique on the page. */
  name: string;
  value: Value;
  /** Each value with its text. */
  options: readonly (readonly [Value, string])[];
  describedBy?: string;
  onChange(value: Value): void;
}

/** A choice of one among a few values. */
export function RadioGroup<Value extends string>(props: RadioGroupProps<Value>) {
  const { label, name, value, options, describedBy, onChange } = props;
  return (
    <fieldset className="radio-group" aria-describedby={describedBy}>
      <legend className="visually-hidden">{label}</legend>
      {options.map(([each, text]) => (
        <label key={each}>
          <input
            type="radio"
            name={name}
            value={each}
            checked={each === value}
            onChange={() => onChange(each)}
          />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
