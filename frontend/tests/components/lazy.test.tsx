// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { ErrorBoundary } from "../../src/components/ErrorBoundary";
import { lazy } from "../../src/components/lazy";
import { I18nProvider } from "../../src/i18n/I18n";

afterEach(cleanup);

const Waiting = ({ name }: { name: string }) => <p>waiting for {name}</p>;
const Told = ({ name }: { name: string }) => <p>{name}</p>;

test("a page is there as soon as its code is, and at once the next time", async () => {
  const load = vi.fn(async () => ({ default: Told }));
  const Page = lazy(load, Waiting);
  const shown = (name: string) => (
    <I18nProvider initial="en">
      <Page name={name} />
    </I18nProvider>
  );
  const { unmount } = render(shown("first"));
  expect(screen.getByText("waiting for first")).toBeTruthy();
  expect(await screen.findByText("first")).toBeTruthy();
  unmount();
  render(shown("second"));
  expect(screen.getByText("second")).toBeTruthy();
  expect(load).toHaveBeenCalledOnce();
});

test("code that does not come is an error, and is asked for again at the next address", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  const load = vi.fn(async () => ({ default: Told }));
  load.mockRejectedValueOnce(new TypeError("no connection"));
  const Page = lazy(load, Waiting);
  const at = (address: string) => (
    <I18nProvider initial="en">
      <ErrorBoundary resetKey={address} fallback={(error) => <p>{String(error)}</p>}>
        <Page name="there" />
      </ErrorBoundary>
    </I18nProvider>
  );
  const { rerender } = render(at("/a"));
  expect(await screen.findByText("TypeError: no connection")).toBeTruthy();
  rerender(at("/b"));
  expect(await screen.findByText("there")).toBeTruthy();
});
