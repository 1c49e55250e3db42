// @vitest-environment jsdom
import { cleanup, render, screen, within } from "@testing-library/preact";
import { afterEach, expect, test } from "vitest";
import type { Span, Tag } from "../../../src/api/trace";
import { SpanDetails } from "../../../src/components/trace/SpanDetails";
import { I18nProvider } from "../../../src/i18n/I18n";
import type { Language } from "../../../src/i18n/language";
import { prepare } from "../../../src/trace/prepare";
import { trace } from "../../trace/sketch";

afterEach(cleanup);

const tag = (key: string, value: Tag["value"], more: Partial<Tag> = {}): Tag => ({
  key,
  type: "string",
  value,
  ...more,
});

/** Shows a span that has this, and starts 450 ns into its trace. */
function show(more: Partial<Span>, language: Language = "en"): HTMLElement {
  const recorded = trace(
    { id: "root", at: 0, for: 2400 },
    { id: "span", parent: "root", at: 450, for: 300, service: "shop" },
  );
  Object.assign(recorded.spans[1] ?? {}, more);
  Object.assign(recorded.scopes, {
    named: {
      name: "io.shop.http",
      version: "2.1.0",
      attributes: [tag("short_name", "http")],
      schemaUrl: "https://opentelemetry.io/schemas/1.24.0",
      droppedAttributesCount: 3,
    },
  });
  Object.assign(recorded.processes.p1 ?? {}, {
    tags: [tag("host.name", "one")],
    schemaUrl: "https://opentelemetry.io/schemas/1.30.0",
  });
  const prepared = prepare(recorded);
  const node = prepared.nodes.get("span");
  if (!node) throw new Error("the span is not there");
  render(
    <I18nProvider initial={language}>
      <SpanDetails node={node} prepared={prepared} onZoom={() => {}} onClose={() => {}} />
    </I18nProvider>,
  );
  return screen.getByRole("region");
}

/** The descriptions of a term, in the order of the page. */
const told = (term: string) =>
  screen.getAllByText(term, { selector: "dt" }).map((dt) => dt.nextElementSibling?.textContent);
const below = (heading: string) => {
  const section = screen.getByRole("heading", { name: heading }).nextElementSibling as HTMLElement;
  return within(section);
};

test("times are told to the nanosecond", () => {
  show({});
  expect(told("Start")).toEqual(["450 ns"]);
  expect(told("Duration")).toEqual(["300 ns"]);
});

test.each<[Language, Span["status"], string]>([
  ["en", { code: "unset", message: "" }, "Unset"],
  ["en", { code: "ok", message: "fine" }, "OK: fine"],
  ["ja", { code: "unset", message: "" }, "未設定"],
  ["ja", { code: "ok", message: "fine" }, "OK（正常）: fine"],
])("a status that is no error is a fact, in %s: %j", (language, status, shown) => {
  show({ status }, language);
  expect(told(language === "en" ? "Status" : "状態")).toEqual([shown]);
  expect(document.querySelector(".span-error")).toBeNull();
});

test("an error stands above all, with its message, and attributes of such names as attributes", () => {
  show({
    status: { code: "error", message: "deadline" },
    kind: "client",
    tags: [
      tag("attribute.error", "false", { name: "error" }),
      tag("attribute.span.kind", "banana", { name: "span.kind" }),
      tag("span.kind", "client"),
      tag("error", true, { type: "bool" }),
      tag("otel.status_code", "ERROR"),
      tag("otel.status_description", "deadline"),
      tag("otel.scope.name", "io.shop.http"),
      tag("otel.scope.version", "2.1.0"),
      tag("w3c.tracestate", "a=b"),
    ],
    traceState: "a=b",
    parentIsRemote: true,
  });
  expect(document.querySelector(".span-error")?.textContent).toBe("Error: deadline");
  expect(told("Kind")).toEqual(["CLIENT"]);
  expect(told("Trace state")).toEqual(["a=b"]);
  expect(told("Trace flags")).toEqual(["01"]);
  expect(told("Parent ID")).toEqual(["root remote"]);
  expect(screen.queryByText("Status")).toBeNull();
  const attributes = below("Attributes");
  expect(attributes.getAllByRole("term").map((term) => term.textContent)).toEqual([
    "error",
    "span.kind",
  ]);
  expect(attributes.getByText("banana")).toBeTruthy();
});

test("a kind that was not said is not made up", () => {
  show({ kind: "unspecified" });
  expect(told("Kind")).toEqual(["Unspecified"]);
});

test("events keep an attribute called event, and tell what they lost", () => {
  show({
    startTimeUnixNano: "1750000000000000451",
    logs: [
      {
        timestamp: 1_750_000_000_000_000,
        timeUnixNano: "1750000000000000571",
        name: "order shipped",
        fields: [
          tag("event", "order shipped"),
          tag("attribute.event", "shipment", { name: "event" }),
        ],
        droppedAttributesCount: 2,
      },
      {
        timestamp: 1_750_000_000_000_000,
        timeUnixNano: "1750000000000000001",
        name: "",
        fields: [],
        droppedAttributesCount: 0,
      },
    ],
    droppedEventsCount: 1,
  });
  const [first, second] = below("Events").getAllByRole("listitem");
  expect(first?.textContent).toBe(
    "order shipped +120 ns (570 ns into the trace)eventshipment2 attributes were dropped or truncated.",
  );
  expect(second?.textContent).toBe("(no name) -450 ns (0 ns into the trace)None");
  expect(screen.getByText("1 event was dropped.")).toBeTruthy();
});

test("links lead to what they point to, with their ids and attributes", () => {
  const link = { traceState: "", attributes: [], droppedAttributesCount: 0, flags: 0 } as const;
  const traceID = "0af7651916cd43dd8448eb211c80319c";
  show({
    links: [
      {
        ...link,
        traceID,
        spanID: "b7ad6b7169203331",
        traceState: "x=y",
        attributes: [tag("messaging.batch", 7, { type: "int64" })],
        isRemote: true,
      },
      { ...link, traceID: "", spanID: "", attributes: [], isRemote: null },
    ],
    droppedLinksCount: 5,
  });
  const [first, second] = below("Links").getAllByRole("listitem");
  expect(first?.querySelector("a")?.getAttribute("href")).toBe(
    `/traces/${traceID}?span=b7ad6b7169203331`,
  );
  expect(first?.textContent).toBe(
    `${traceID} span b7ad6b7169203331 remoteTrace state x=ymessaging.batch7`,
  );
  expect(second?.querySelector("a")).toBeNull();
  expect(screen.getByText("5 links were dropped.")).toBeTruthy();
});

test("scope and resource tell their names, versions, schemas and attributes", () => {
  show({ scopeID: "named", droppedAttributesCount: 1 });
  const terms = (heading: string) =>
    below(heading)
      .getAllByRole("term")
      .map((dt) => [dt.textContent, dt.nextElementSibling?.textContent]);
  expect(terms("Instrumentation scope")).toEqual([
    ["Name", "io.shop.http"],
    ["Version", "2.1.0"],
    ["Schema URL", "https://opentelemetry.io/schemas/1.24.0"],
    ["short_name", "http"],
  ]);
  expect(terms("Resource")).toEqual([
    ["Schema URL", "https://opentelemetry.io/schemas/1.30.0"],
    ["host.name", "one"],
  ]);
  expect(screen.getByText("1 attribute was dropped or truncated.")).toBeTruthy();
  expect(screen.getByText("3 attributes were dropped or truncated.")).toBeTruthy();
});

test("names and values of any script stand by themselves", () => {
  show({
    operationName: "طلب GET",
    tags: [tag("مفتاح", "قيمة")],
    status: { code: "ok", message: "تم" },
  });
  for (const text of ["طلب GET", "مفتاح", "قيمة", "تم"]) {
    expect(screen.getByText(text).closest("bdi"), text).not.toBeNull();
  }
});

test("a span without a name has a stand-in", () => {
  show({ operationName: " " });
  expect(screen.getByRole("heading", { level: 3 }).textContent).toBe("(no name)");
});
