import "../styles/radio-group.css";

interface RadioGroupProps<Value extends string> {
  label: string;
  /** Of the group of radio buttons; one to a page. */
  name: string;
  value: Value;
  /** Values, each with its text. */
  options: readonly (readonly [Value, string])[];
  describedBy?: string;
  onChange(value: Value): void;
}

/** A few ways, of which one is taken. */
export function RadioGroup<Value extends string>(props: RadioGroupProps<Value>) {
  const { label, name, value, options, describedBy, onChange } = props;
  return (
    <fieldset className="choice" aria-describedby={describedBy}>
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
