import type { ApiUnderTest } from '../api/api-under-test.js';
import { Visitor } from './visitor.js';

type From = Pick<ApiUnderTest, 'raw'>;

export const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
export const OWN_PAGE = { ...SAME_ORIGIN, 'x-rollcall-csrf': '1' };

/** Signs a browser in at the api's provider. @param as the person's name there. @returns the login's cookie */
export async function signInAs(as: string, from: From): Promise<string> {
  const { answer, cookie } = await comeBackAs(as, from);
  const response = await finishSignIn(answer, cookie, from);
  if (response.status !== 200) throw new Error(`${as} was not signed in: ${await response.text()}`);
  return cookieOf(response);
}

/** Stops before the provider's answer is handed over. @returns that answer, and the cookie of the attempt */
export async function comeBackAs(as: string, from: From): Promise<{ answer: string; cookie: string }> {
  const start = await from.raw('/v1/login/provider/start', { method: 'POST', headers: SAME_ORIGIN, body: '{}' });
  if (start.status !== 200) throw new Error(`${as} cannot begin to sign in: ${await start.text()}`);
  const { url } = (await start.json()) as { url: string };
  const visitor = new Visitor();
  const { leaves } = await visitor.submit(await visitor.go(url), { login: as });
  return { answer: new URL(leaves ?? '').search.slice(1), cookie: cookieOf(start) };
}

/** Hands the provider's answer over, as the page does. */
export function finishSignIn(answer: string, cookie: string, from: From): Promise<Response> {
  return from.raw('/v1/login/provider', {
    method: 'POST',
    headers: { ...SAME_ORIGIN, cookie },
    body: JSON.stringify({ answer }),
  });
}

function cookieOf(response: Response): string {
  const pairs = response.headers.getSetCookie().map((set) => set.split(';', 1)[0] ?? '');
  return pairs.filter((pair) => !pair.endsWith('=')).join('; ');
}
