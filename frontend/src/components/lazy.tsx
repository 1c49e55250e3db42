import type { ComponentType, FunctionComponent } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** A component whose code is loaded when it is first rendered. */
export function lazy<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  Fallback: ComponentType<Props>,
): FunctionComponent<Props> {
  let Loaded: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  const fetchCode = () => {
    loading ??= load().then(
      (loaded) => {
        Loaded = loaded.default;
      },
      (error) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  return function Lazy(props: Props) {
    const [failure, setFailure] = useState<{ error: unknown } | null>(null);
    const [, setLoaded] = useState(Loaded !== undefined);
    // An effect would run a frame later.
    useLayoutEffect(() => {
      fetchCode().then(
        () => setLoaded(true),
        (error: unknown) => setFailure({ error }),
      );
    }, []);
    if (failure) throw failure.error;
    return Loaded ? <Loaded {...props} /> : <Fallback {...props} />;
  };
}
