// @vitest-environment jsdom
import { act, cleanup, renderHook, waitFor } from "@testing-library/preact";
import { afterEach, expect, test, vi } from "vitest";
import { useLoaded } from "../../src/api/use-loaded";

afterEach(cleanup);

const failure = new Error("gone");

test("what is there stays when loading it again fails", async () => {
  const load = vi.fn().mockResolvedValueOnce("old").mockRejectedValueOnce(failure);
  const { result } = renderHook(() => useLoaded<string>(load));
  await waitFor(() => expect(result.current.data).toBe("old"));
  act(() => result.current.reload());
  await waitFor(() => expect(result.current.error).toBe(failure));
  expect(result.current).toMatchObject({ data: "old", loading: false });
});

test("but not in the place of something else", async () => {
  const first = vi.fn().mockResolvedValue("one");
  const second = vi.fn().mockRejectedValue(failure);
  const { result, rerender } = renderHook(({ load }) => useLoaded<string>(load), {
    initialProps: { load: first },
  });
  await waitFor(() => expect(result.current.data).toBe("one"));
  rerender({ load: second });
  await waitFor(() => expect(result.current.error).toBe(failure));
  expect(result.current.data).toBeNull();
});
