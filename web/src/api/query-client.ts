import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './api-failure.js';
import { setLogin } from './login-query.js';

/** The page's query cache. Failures are shown where they matter, except an ended login, which concerns the whole page. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiFailure && error.code === 'UNAUTHENTICATED') {
      setLogin(client, (before) => (before?.login ? { login: null, ended: before.login } : before));
    }
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // Polling retries by itself, with a banner; the api may be on this machine, so the browser's network state means nothing.
      queries: { retry: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}
