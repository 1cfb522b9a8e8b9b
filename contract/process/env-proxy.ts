import * as http from 'node:http';

/** Addresses of this machine are never reached through a proxy. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1', '[::1]'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes this process's HTTP use the proxies of HTTP_PROXY, HTTPS_PROXY and NO_PROXY (in either case), like curl; addresses of this machine are
 * reached directly.
 * @returns whether a proxy is named
 * @throws TypeError if a proxy's address is invalid
 */
export function useProxyOf(env: Environment): boolean {
  const named = (name: string) => env[name.toLowerCase()] || env[name];
  const [httpProxy, httpsProxy] = [named('HTTP_PROXY'), named('HTTPS_PROXY')];
  if (!httpProxy && !httpsProxy) return false;
  for (const address of [httpProxy, httpsProxy]) if (address) demandProxy(address);
  const direct = [named('NO_PROXY'), ...LOOPBACK].filter(Boolean).join(',');
  http.setGlobalProxyFromEnv({
    ...(httpProxy && { HTTP_PROXY: httpProxy }),
    ...(httpsProxy && { HTTPS_PROXY: httpsProxy }),
    NO_PROXY: direct,
  });
  return true;
}

function demandProxy(address: string): void {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) return;
  // It may contain a password, so it is not repeated.
  throw new TypeError('HTTP_PROXY and HTTPS_PROXY name a proxy as http://host:port');
}
