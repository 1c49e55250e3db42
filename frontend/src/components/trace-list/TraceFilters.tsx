import type { TargetedSubmitEvent } from "preact";
import { useCallback } from "preact/hooks";
import { Link } from "wouter-preact";
import { fetchOperations } from "../../api/trace-list";
import { useLoaded } from "../../api/use-loaded";
import { useTexts } from "../../i18n/I18n";
import { traceListTexts } from "../../i18n/texts/trace-list";
import {
  isFiltered,
  LOOKBACKS,
  milliseconds,
  type TraceListRequest,
  traceListAddress,
  withoutFilters,
} from "../../trace-list/address";
import { Select } from "../Select";
import { useName } from "../trace/Name";

interface TraceFiltersProps {
  request: TraceListRequest;
  /** The services in the store. */
  services: readonly string[];
  onChange(change: Partial<TraceListRequest>): void;
}

export function TraceFilters({ request, services, onChange }: TraceFiltersProps) {
  const t = useTexts(traceListTexts);
  const { service, operation, errors, within } = request;
  const loadOperations = useCallback(
    async (signal: AbortSignal) => (service ? await fetchOperations(service, signal) : []),
    [service],
  );
  const displayed = useName();
  const operations = useLoaded(loadOperations).data ?? [];
  const named = (names: readonly string[], chosen: string) =>
    withChosen(names.filter(Boolean), chosen).map((name): [string, string] => [
      name,
      displayed(name),
    ]);
  return (
    <search className="trace-filters" aria-label={t.filters}>
      <Select
        label={t.service}
        value={service}
        options={[["", t.allServices], ...named(services, service)]}
        onChange={(service) => onChange({ service, operation: "" })}
      />
      <Select
        label={t.operation}
        value={operation}
        disabled={!service}
        options={[["", t.allOperations], ...named(operations, operation)]}
        onChange={(operation) => onChange({ operation })}
      />
      <Select
        label={t.within}
        value={within}
        options={["" as const, ...LOOKBACKS].map((each) => [each, t.lookbacks[each]])}
        onChange={(within) => onChange({ within })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={errors}
          onChange={(event) => onChange({ errors: event.currentTarget.checked })}
        />
        {t.onlyErrors}
      </label>
      <DurationFields key={`${request.min} ${request.max}`} request={request} onChange={onChange} />
      {isFiltered(request) && (
        <Link href={traceListAddress(withoutFilters(request))} className="button">
          {t.reset}
        </Link>
      )}
    </search>
  );
}

function DurationFields({ request, onChange }: Omit<TraceFiltersProps, "services">) {
  const t = useTexts(traceListTexts);
  const apply = (form: HTMLFormElement) => {
    const typed = new FormData(form);
    const read = (name: string) => milliseconds(String(typed.get(name) ?? ""));
    const change = { min: read("min"), max: read("max") };
    if (change.min !== request.min || change.max !== request.max) onChange(change);
  };
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    apply(event.currentTarget);
  };
  const field = (name: "min" | "max", label: string) => (
    <div className="field">
      <label className="labelled">
        <span>{label}</span>
        <input
          name={name}
          type="number"
          min={0}
          step="any"
          inputMode="decimal"
          defaultValue={request[name] ?? ""}
        />
      </label>
    </div>
  );
  return (
    <form onSubmit={submit} noValidate>
      {field("min", t.min)}
      {field("max", t.max)}
      <button type="submit" className="button">
        {t.apply}
      </button>
    </form>
  );
}

/** The names, and the chosen one even if the store no longer has it. */
function withChosen(names: readonly string[], chosen: string): readonly string[] {
  return !chosen || names.includes(chosen) ? names : [chosen, ...names];
}
