interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  /** Values, each with its text. */
  options: readonly (readonly [Value, string])[];
  describedBy?: string;
  onChange(value: Value): void;
}

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, value, options, describedBy, onChange } = props;
  return (
    <label className="select">
      <span className="visually-hidden">{label}</span>
      <select
        value={value}
        aria-describedby={describedBy}
        onChange={(event) => onChange(event.target.value as Value)}
      >
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
