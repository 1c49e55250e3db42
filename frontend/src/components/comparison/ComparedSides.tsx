import { Link } from "wouter-preact";
import { formatRatio } from "../../comparison/difference";
import { useI18n, useTexts } from "../../i18n/I18n";
import { comparisonTexts } from "../../i18n/texts/comparison";
import { traceListTexts } from "../../i18n/texts/trace-list";
import { attributeOf } from "../../trace/recorded";
import { millisecondsOf, type TraceTree, timeRangeOf, walk } from "../../trace/tree";
import { Name } from "../trace/Name";

/** A summary of each trace, and which of them took longer. */
export function ComparedSides({ a, b }: { a: TraceTree; b: TraceTree }) {
  const t = useTexts(comparisonTexts);
  const { format, language } = useI18n();
  const took = [a, b].map((tree) => timeRangeOf(tree).duration);
  const [first = 0, second = 0] = took;
  const difference = format.duration(Math.abs(second - first));
  const ratio = first > 0 ? formatRatio(second / first, language) : "–";
  return (
    <>
      <div className="sides">
        <Side title={t.first} tree={a} longest={Math.max(first, second)} />
        <Side title={t.second} tree={b} longest={Math.max(first, second)} />
      </div>
      <p className="verdict">
        {second === first ? t.same : (second > first ? t.slower : t.faster)(difference, ratio)}
      </p>
    </>
  );
}

function Side({ title, tree, longest }: { title: string; tree: TraceTree; longest: number }) {
  const t = useTexts(comparisonTexts);
  const list = useTexts(traceListTexts);
  const { format } = useI18n();
  const { start, duration } = timeRangeOf(tree);
  const spans = [...walk(tree.roots)];
  const query = spans.map(({ span }) => attributeOf(span, "search.query")).find(isReadable);
  const started = millisecondsOf(tree, start);
  const errors = spans.filter(({ error }) => error).length;
  return (
    <section className="side" aria-label={title}>
      <h2>
        <span className="quiet">{title}</span>{" "}
        <Link href={`/traces/${tree.traceId}`}>
          {query !== undefined && <span className="query">{list.query(String(query))}</span>}{" "}
          <span>{tree.root ? <Name name={tree.root.name} /> : t.missingParent}</span>
        </Link>
      </h2>
      <code className="quiet">{tree.traceId}</code>
      <dl>
        <div>
          <dt>{t.took}</dt>
          <dd>{format.duration(duration)}</dd>
        </div>
        <div>
          <dt>{t.spans}</dt>
          <dd>{format.number(tree.spanCount)}</dd>
        </div>
        <div>
          <dt>{t.errors}</dt>
          <dd className={errors > 0 ? "failed" : undefined}>{format.number(errors)}</dd>
        </div>
        <div>
          <dt>{t.started}</dt>
          <dd>
            <time dateTime={new Date(started).toISOString()}>{format.dateTime(started)}</time>
          </dd>
        </div>
      </dl>
      <span className="duration-bar" aria-hidden="true">
        <span style={{ inlineSize: `${(duration / (longest || 1)) * 100}%` }} />
      </span>
    </section>
  );
}

/** Whether a query is readable, and not the hash of one. */
function isReadable(query: unknown): boolean {
  return query !== undefined && !/^[0-9a-f]{16}$/.test(String(query));
}
