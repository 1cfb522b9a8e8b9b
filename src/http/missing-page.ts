/** What stands at `/` where the api was built without its page. */
export function missingPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rollcall</title>
<style nonce="${nonce}">body { font: 1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem } :root { color-scheme: light dark }</style>
<h1>This api has no web page</h1>
<p>It was built without one: <code>npm run build</code> makes it, and <code>npm start</code> does so by itself.
The API works all the same and is described at <a href="/docs">/docs</a>; the <code>rollcall</code> command does what the page does.</p>
</html>
`;
}
