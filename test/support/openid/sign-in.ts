import type { ApiUnderTest } from '../api/api-under-test.js';
import { Visitor } from './visitor.js';

type From = Pick<ApiUnderTest, 'raw'>;

export const OWN_PAGE = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json', 'x-rollcall-csrf': '1' };

/** Signs a browser in at the api's provider. @param as who it says there that it is. @returns the cookie of its login */
export async function signInAs(as: string, from: From): Promise<string> {
  const start = await from.raw('/v1/login/provider/start', { method: 'POST', headers: OWN_PAGE, body: '{}' });
  const { url } = (await start.json()) as { url: string };
  const visitor = new Visitor();
  const { leaves } = await visitor.submit(await visitor.go(url), { login: as });
  const response = await from.raw('/v1/login/provider', {
    method: 'POST',
    headers: { ...OWN_PAGE, cookie: cookieOf(start) },
    body: JSON.stringify({ answer: new URL(leaves ?? '').search.slice(1) }),
  });
  if (response.status !== 200) throw new Error(`${as} was not signed in: ${await response.text()}`);
  return cookieOf(response);
}

function cookieOf(response: Response): string {
  const pairs = response.headers.getSetCookie().map((set) => set.split(';', 1)[0] ?? '');
  return pairs.filter((pair) => !pair.endsWith('=')).join('; ');
}
