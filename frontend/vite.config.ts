import { defineConfig } from "vitest/config";
import { blockRender } from "./build/block-render.ts";
import { compressAssets } from "./build/compress-assets.ts";
import { preloadChunk } from "./build/preload-chunk.ts";
import { sharedChunk } from "./build/shared-chunk.ts";
import { systemVersion } from "./build/version.ts";

const backend = "http://127.0.0.1:8000";

/** Content blockers match file names: only neutral ones leave the build. */
function fileName(chunk: string, modules: string[]): string {
  if (chunk === "sdk") return "support";
  // What every part of the page is drawn with comes with the first visit, like its entry.
  return modules.some((id) => id.includes("/node_modules/preact/")) ? "app" : "page";
}

export default defineConfig({
  define: { VERSION: JSON.stringify(systemVersion()) },
  plugins: [blockRender(), preloadChunk("support"), compressAssets()],
  build: {
    outDir: "../src/gutenberg_explorer/web",
    emptyOutDir: true,
    target: "es2022",
    // The backend's content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: { groups: [sharedChunk] },
        chunkFileNames: ({ name, moduleIds }) => `assets/${fileName(name, moduleIds)}-[hash].js`,
        entryFileNames: "assets/app-[hash].js",
        assetFileNames: ({ names }) =>
          names.some((name) => name.endsWith(".css"))
            ? "assets/style-[hash][extname]"
            : "assets/[name]-[hash][extname]",
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/search", "/books", "/api", "/v1", "/healthz", "/readyz"].map((path) => [
        path,
        // The backend takes spans from its own origin only, so the host must stay the page's.
        { target: backend, changeOrigin: false },
      ]),
    ),
  },
  test: {
    restoreMocks: true,
    unstubGlobals: true,
    // Starting a process and a DOM for each file costs more CPU than its tests, and a second worker
    // starts and compiles everything once more.
    isolate: false,
    maxWorkers: 1,
    setupFiles: ["tests/setup.ts"],
  },
});
