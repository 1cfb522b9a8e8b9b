import { Container } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import { forgetAnswers } from '../api/conditional-fetch.js';
import { LOGIN_KEY, loginQuery } from '../api/login-query.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { LoginProvider } from './login-context.js';
import { SignInPage } from './sign-in-page.js';

/** How often an api that was not there at the start is looked for, in milliseconds. */
const LOOK_AGAIN_MS = 3_000;

/** Shows its children to those who are signed in, and the way in to everybody else; the address stays, so that they come back to it. */
export function SignInGate({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery({
    ...loginQuery,
    refetchInterval: (query) => (query.state.data ? false : LOOK_AGAIN_MS),
    refetchOnWindowFocus: false,
  });
  const signedOut = data !== undefined && data.login === null;
  useEffect(() => {
    // The next person sees nothing of what this one saw.
    if (!signedOut) return;
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== LOGIN_KEY[0] });
    forgetAnswers();
  }, [signedOut, queryClient]);

  if (data?.login) return <LoginProvider login={data.login}>{children}</LoginProvider>;
  if (data) return <SignInPage ended={data.ended} />;
  if (!error) return <Loading what="page" />;
  return (
    <Container size="xs" pt={96} component="main">
      <ErrorState title="Rollcall cannot be reached" error={error} onRetry={() => void refetch()} />
    </Container>
  );
}
