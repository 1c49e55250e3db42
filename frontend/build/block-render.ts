import type { Plugin } from "vite";

/**
 * Lets nothing be painted before the page's own script has run: there is nothing to see without it,
 * and a chosen theme is there from the first frame on.
 */
export function blockRender(): Plugin {
  return {
    name: "block-render",
    transformIndexHtml: {
      order: "post",
      handler: (html) => html.replace('<script type="module"', '$& blocking="render"'),
    },
  };
}
