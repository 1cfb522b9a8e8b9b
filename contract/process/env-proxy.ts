import * as http from 'node:http';

/** Never through a proxy: what listens there is on this very machine. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1', '[::1]'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * From now on this process's HTTP goes through the proxies that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name (in either case), as curl's does;
 * what is on this machine is asked directly.
 * @returns whether a proxy is named
 * @throws TypeError where a proxy's address is none
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
  // It may hold a password: it is not repeated.
  throw new TypeError('HTTP_PROXY and HTTPS_PROXY name a proxy as http://host:port');
}
