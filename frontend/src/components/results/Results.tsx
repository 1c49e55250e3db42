import { useTexts } from "../../i18n/I18n";
import { resultsTexts } from "../../i18n/texts/results";
import type { SearchRequest } from "../../search/request";
import type { SearchState } from "../../search/store";
import { ErrorMessage } from "../ErrorMessage";
import { ResultsLoading } from "../ResultsLoading";
import { TracePanel } from "../TracePanel";
import { Nothing } from "./Nothing";
import { Pagination } from "./Pagination";
import { Remarks } from "./Remarks";
import { ResultList } from "./ResultList";
import { Tools } from "./Tools";
import "../../styles/results.css";
import "../../styles/prose.css";

interface ResultsProps {
  state: SearchState;
  entry: string | undefined;
  onSubmit(request: SearchRequest): void;
}

/** Everything below the search box, once there is something to search for. */
export default function Results({ state, entry, onSubmit }: ResultsProps) {
  return (
    <>
      <Tools
        request={state.request}
        results={state.status === "done" ? state.results : null}
        onSubmit={onSubmit}
      />
      <div className="answer">
        <Answer state={state} entry={entry} onSubmit={onSubmit} />
      </div>
      <Trace state={state} />
    </>
  );
}

function Answer({ state, entry, onSubmit }: ResultsProps) {
  const t = useTexts(resultsTexts);
  const { request } = state;
  if (state.status === "loading") return <ResultsLoading />;
  if (state.status === "error") {
    return (
      <ErrorMessage error={state.error} title={t.errorTitle} onRetry={() => onSubmit(request)} />
    );
  }
  const { results } = state;
  return (
    <>
      <Remarks request={request} results={results} />
      {results.hits.length > 0 ? (
        <ResultList hits={results.hits} request={request} entry={entry} />
      ) : (
        <Nothing request={request} results={results} />
      )}
      <Pagination request={request} total={results.total} />
    </>
  );
}

function Trace({ state }: { state: SearchState }) {
  if (state.status === "loading") return <TracePanel trace={null} />;
  return state.trace.id ? <TracePanel trace={state.trace} /> : null;
}
