interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  /** Each value with its text. */
  options: readonly (readonly [Value, string])[];
  disabled?: boolean;
  onChange(value: Value): void;
}

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, value, options, disabled, onChange } = props;
  return (
    <label className="select labelled">
      <span>{label}</span>
      <select
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value as Value)}
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
