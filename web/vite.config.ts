import { defineConfig } from "vite";

/** The built page lies in the package; `npm run dev` passes what is not the page on to a running service. */
export default defineConfig({
  base: "./",
  build: {
    outDir: "../src/mingbai/web/dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // no data: URLs: the page's policy allows its own files alone
  },
  server: {
    host: "127.0.0.1",
    port: 8701,
    proxy: { "^/(v1|healthz|readyz|login|metrics)": { target: "http://127.0.0.1:8700" } },
  },
});
