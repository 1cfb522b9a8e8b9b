import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROGRAM_HOME } from '../process/program.js';
import { pagePolicy } from './security-headers.js';

/** Where `npm run web` puts the page. */
export const WEB_FOLDER = join(PROGRAM_HOME, 'dist', 'web');

/** What index.html has in the place of the nonce; web/vite.config.ts writes it there. */
const NONCE_PLACE = '__CSP_NONCE__';
/** Addresses of the api itself: what it does not know there is a problem document, never the page. */
const OF_THE_API = /^\/(?:v1|docs|openapi\.json|metrics|livez|readyz|install\.sh|packages)(?:[/?]|$)/;
/** Vite names these by the hash of their content. */
const ASSET = /^\/assets\/\w[\w.-]*$/;
const TOP_FILE = /^\/[\w-]+\.(?:js|svg|png|ico|webmanifest|txt)$/;

const YEAR_MS = 31_536_000_000;

/**
 * The Compute Nodes page at `/`. Its own addresses (`/nodes/node-1`) answer the same page, so that links and reloads work:
 * whatever a browser wants as a page and the api does not know is the page's to show or to be sorry about.
 * @param folder what `npm run web` built; where it is missing, `/` says so
 */
export async function serveWebPage(fastify: FastifyInstance, folder: string): Promise<void> {
  // Files are found when they are asked for: a page that is built anew needs no new start.
  await fastify.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, cacheControl: false });
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const [path = ''] = request.url.split('?', 1);
    if (OF_THE_API.test(path)) return reply.callNotFound();
    if (ASSET.test(path)) return reply.sendFile(path, { cacheControl: true, maxAge: YEAR_MS, immutable: true });
    if (TOP_FILE.test(path)) return reply.sendFile(path, { cacheControl: true, maxAge: 0 });
    return path === '/' || wantsPage(request) ? sendPage(reply, folder) : reply.callNotFound();
  };
  fastify.get('/', answer);
  fastify.get('/*', answer);
}

/** Browsers ask for a page by this type, and for nothing else. */
function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false;
}

async function sendPage(reply: FastifyReply, folder: string): Promise<FastifyReply> {
  const nonce = randomBytes(16).toString('base64url');
  const html = await readFile(join(folder, 'index.html'), 'utf8').catch(() => undefined);
  return reply
    .status(html === undefined ? 404 : 200)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'content-security-policy': pagePolicy(nonce),
    })
    .send(html?.replaceAll(NONCE_PLACE, nonce) ?? missingPage(nonce));
}

/** What stands at `/` where the api was built without its page. */
function missingPage(nonce: string): string {
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
