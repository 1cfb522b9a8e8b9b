import { defineConfig } from 'vite';

/** `npm run web` builds the page into dist/web, which the api serves at `/`; ROLLCALL_SERVER is where `npm run web:dev` finds the api. */
export default defineConfig({
  root: import.meta.dirname,
  // The api puts another nonce here with each answer; shell/style-nonce.ts reads it.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // Browsers that know light-dark() by themselves: what it is rewritten to for others does not follow Mantine's colour scheme.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    // The page's policy has no inline scripts, and browsers that lack modulepreload fetch a moment later.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      // Mantine marks its files for servers that render React; this page is rendered in browsers only.
      onLog: (level, log, handle) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
  server: {
    port: 5173,
    proxy: { '^/(v1/|readyz$)': { target: process.env['ROLLCALL_SERVER'] ?? 'http://127.0.0.1:8480' } },
  },
});
