// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => vi.resetModules());
afterEach(cleanup);

const links = [
  { name: "Datadog", url: "https://app.datadoghq.com/apm/trace/{trace_id}" },
  { name: "Jaeger", url: "http://localhost:16686/trace/{trace_id}?again={trace_id}" },
];

/** Its answer is remembered for as long as the module lives. */
async function show(times: number) {
  const { TraceLinks } = await import("../../../src/components/trace/TraceLinks");
  const { I18nProvider } = await import("../../../src/i18n/I18n");
  return render(
    <I18nProvider initial="en">
      {Array.from({ length: times }, (_, at) => (
        <TraceLinks key={at} traceId={`t${at}`} />
      ))}
    </I18nProvider>,
  );
}

test("a trace is linked to where else it is, in a new tab that is told nothing", async () => {
  const fetchMock = vi.fn<typeof fetch>(async () => Response.json({ links }));
  vi.stubGlobal("fetch", fetchMock);
  await show(2);
  const found = await screen.findAllByRole("link");
  expect(found.map((link) => link.getAttribute("href"))).toEqual([
    "https://app.datadoghq.com/apm/trace/t0",
    "http://localhost:16686/trace/t0?again=t0",
    "https://app.datadoghq.com/apm/trace/t1",
    "http://localhost:16686/trace/t1?again=t1",
  ]);
  const [datadog] = screen.getAllByRole("link", { name: "Open in Datadog (opens in a new tab)" });
  expect(datadog?.getAttribute("target")).toBe("_blank");
  expect(datadog?.getAttribute("rel")).toBe("noreferrer");
  expect(fetchMock).toHaveBeenCalledOnce();
});

test("an answer that fails leaves the links out, and is asked for again", async () => {
  const fetchMock = vi.fn<typeof fetch>(async () => new Response("", { status: 503 }));
  vi.stubGlobal("fetch", fetchMock);
  const { container, unmount } = await show(1);
  await vi.waitFor(() => expect(fetchMock).toHaveBeenCalledOnce());
  expect(container.textContent).toBe("");
  unmount();
  fetchMock.mockImplementation(async () => Response.json({ links }));
  await show(1);
  expect(await screen.findAllByRole("link")).toHaveLength(2);
});
