import { type ComponentType, useEffect, useState } from "react";

type Late<Props> = ComponentType<Props> & {
  /** Fetches the code for whoever will want it soon. Rejects where it can't be had. */
  preload(): Promise<void>;
};

/**
 * A component whose code is fetched when it is first shown, and that is there as soon as it has
 * come: what React's own `lazy` brings is held back until its fallback has stood for 300 ms.
 */
export function late<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
  Fallback: ComponentType<Props>,
): Late<Props> {
  let Loaded: ComponentType<Props> | undefined;
  let loading: Promise<void> | undefined;
  const preload = () => {
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
  function Late(props: Props) {
    const [failure, setFailure] = useState<{ error: unknown } | null>(null);
    const [, setLoaded] = useState(Loaded !== undefined);
    useEffect(() => {
      preload().then(
        () => setLoaded(true),
        (error: unknown) => setFailure({ error }),
      );
    }, []);
    if (failure) throw failure.error;
    return Loaded ? <Loaded {...props} /> : <Fallback {...props} />;
  }
  return Object.assign(Late, { preload });
}
