import { Fragment } from "preact";
import type { ShownBlock } from "../search/results";
import type { Segment } from "../text/segments";

/** The blocks of one passage, as spans: a link must not contain paragraphs. */
export function Blocks({ blocks }: { blocks: ShownBlock[] }) {
  return blocks.map(({ start, verse, indent, segments }) => (
    <span key={start} className={verse ? "verse" : "prose"}>
      {" ".repeat(indent)}
      <Segments segments={segments} />
    </span>
  ));
}

export function Segments({ segments }: { segments: Segment[] }) {
  const start = segments.findIndex(({ targeted }) => targeted);
  if (start < 0) return <Parts segments={segments} />;
  const end = segments.findLastIndex(({ targeted }) => targeted) + 1;
  return (
    <>
      <Parts segments={segments.slice(0, start)} />
      <span className="target">
        <Parts segments={segments.slice(start, end)} />
      </span>
      <Parts segments={segments.slice(end)} />
    </>
  );
}

function Parts({ segments }: { segments: Segment[] }) {
  return segments.map(({ text, highlighted, emphasised }, index) => {
    const content = emphasised ? <em>{text}</em> : text;
    return highlighted ? (
      <mark key={index}>{content}</mark>
    ) : (
      <Fragment key={index}>{content}</Fragment>
    );
  });
}
