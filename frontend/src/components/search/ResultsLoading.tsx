const CARDS = 5;

/** Empty cards, as high as results. */
export function ResultsLoading() {
  return (
    <div className="results results-loading" aria-hidden="true">
      {Array.from({ length: CARDS }, (_, card) => (
        <div key={card} className="result">
          <span className="cover" />
          <div className="lines">
            <span className="line title" />
            <span className="line author" />
            <span className="line" />
            <span className="line" />
            <span className="line short" />
          </div>
        </div>
      ))}
    </div>
  );
}
