import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './api-failure.js';
import { setLogin } from './login-query.js';

/** One cache for the page. Failures are shown where they matter; that nobody is signed in any more concerns the whole page. */
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
      // Polling tries again by itself, and the banner says so; the api may be on this machine, so the network's state means nothing.
      queries: { retry: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
  return client;
}
