import { plainText } from '../../contract/plain-text.js';
import { endsByLoggingOut, type Access } from './access.js';

/**
 * The hint for a token that the api does not know, by its origin.
 * @param hasProvider whether people sign in to this cluster at an identity provider
 */
export async function wayIn(
  { token, source, context }: Pick<Access, 'token' | 'source' | 'context'>,
  hasProvider: () => Promise<boolean>,
): Promise<string> {
  const logIn = `rollcall auth login${context?.isNamed ? ` --context ${plainText(context.name)}` : ''}`;
  // A login at the identity provider, or the beginning of one.
  if (token === '' || endsByLoggingOut(token)) return `Log in: ${logIn}`;
  if (source === 'stdin') return 'Use another api token';
  if (context === undefined) return `Put another token into ${plainText(source)}, or leave it out and log in: ${logIn}`;
  return (await hasProvider())
    ? `Log in: ${logIn}; or with another api token: ${logIn} --token-stdin`
    : `Log in: ${logIn} --token-stdin`;
}
