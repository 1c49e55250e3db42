import type { Tag } from "../api/trace";
import { attributesOf, eventAttributes, keyOf } from "./recorded";
import type { SpanNode } from "./tree";

/**
 * The spans whose name, service, id, status, attributes, events or links contain the text, in
 * the order of the nodes. `key=value` finds an attribute.
 */
export function findSpans(nodes: Iterable<SpanNode>, text: string): SpanNode[] {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return [];
  return Array.from(nodes).filter((node) => searched(node).includes(wanted));
}

/** The match after or before another one in the order of the nodes. It wraps around at the ends. */
export function nextMatch(
  matches: readonly SpanNode[],
  from: SpanNode | null,
  backwards: boolean,
): SpanNode | undefined {
  if (matches.length === 0) return undefined;
  const at = from ? matches.indexOf(from) : -1;
  const next = backwards ? Math.max(at, 0) - 1 : at + 1;
  return matches.at(next % matches.length);
}

const texts = new WeakMap<SpanNode, string>();

function searched(node: SpanNode): string {
  const known = texts.get(node);
  if (known !== undefined) return known;
  const { span, name, service } = node;
  const parts = [name, service, span?.spanID ?? ""];
  if (span) {
    parts.push(span.status.message, ...attributesOf(span).map(asText));
    for (const log of span.logs) {
      parts.push(log.name, ...eventAttributes(log).map(asText));
    }
    for (const { traceID, spanID, attributes } of span.links) {
      parts.push(traceID, spanID, ...attributes.map(asText));
    }
  }
  const text = parts.join("\n").toLowerCase();
  texts.set(node, text);
  return text;
}

function asText(tag: Tag): string {
  return `${keyOf(tag)}=${tag.value}`;
}
