import { type ComponentType, useEffect, useState } from "react";
import { PageLoading } from "./PageLoading";

/**
 * A page whose code is fetched when it is first shown, and that is there as soon as it has come:
 * what React's own `lazy` brings is held back until its fallback has stood for 300 ms.
 */
export function late<Props extends object>(
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  let Page: ComponentType<Props> | undefined;
  return function Late(props) {
    const [failure, setFailure] = useState<{ error: unknown } | null>(null);
    const [, setLoaded] = useState(Page !== undefined);
    useEffect(() => {
      if (Page) return;
      load().then(
        (loaded) => {
          Page = loaded.default;
          setLoaded(true);
        },
        (error: unknown) => setFailure({ error }),
      );
    }, []);
    if (failure) throw failure.error;
    return Page ? <Page {...props} /> : <PageLoading />;
  };
}
