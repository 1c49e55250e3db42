import type { Plugin } from "vite";

/** Lets the browser fetch a dynamically imported chunk early, behind everything that paints. */
export function preloadChunk(name: string): Plugin {
  return {
    name: "preload-chunk",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        return Object.keys(bundle)
          .filter((file) => file.startsWith(`assets/${name}-`) && file.endsWith(".js"))
          .map((file) => ({
            tag: "link",
            attrs: {
              rel: "modulepreload",
              fetchpriority: "low",
              crossorigin: true,
              href: `/${file}`,
            },
            injectTo: "head" as const,
          }));
      },
    },
  };
}
