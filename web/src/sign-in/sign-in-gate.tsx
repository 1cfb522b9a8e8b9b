import { Container } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Activity, type ReactNode } from 'react';
import { loginQuery } from '../api/login-query.js';
import { isSecretShown } from '../loading/secret-shown.js';
import { ErrorState } from '../parts/error-state.js';
import { Loading } from '../parts/loading.js';
import { LoginProvider } from './login-context.js';
import { SignInPage } from './sign-in-page.js';

/** Retry interval if the api did not answer at the start, in milliseconds. */
const LOOK_AGAIN_MS = 3_000;

/**
 * Shows its children to those who are signed in, and the sign-in page to others; the address stays, so that they come back to it. After a
 * login has expired the children are hidden and suspended, with all input in them, until the same person signs in again.
 */
export function SignInGate({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useQuery({
    ...loginQuery,
    refetchInterval: (query) => (query.state.data ? false : LOOK_AGAIN_MS),
    refetchOnWindowFocus: false,
  });
  const person = data?.login ?? data?.ended ?? null;

  if (data) {
    return (
      <>
        {data.login === null && <SignInPage ended={data.ended} refused={data.refused} />}
        {/* A visible secret is dropped with the login. */}
        {person && (data.login || !isSecretShown()) && (
          <Activity key={person.name} mode={data.login ? 'visible' : 'hidden'}>
            <LoginProvider login={person}>{children}</LoginProvider>
          </Activity>
        )}
      </>
    );
  }
  if (!error) return <Loading what="page" />;
  return (
    <Container size="xs" pt={96} component="main">
      <ErrorState title="Rollcall cannot be reached" error={error} onRetry={() => void refetch()} />
    </Container>
  );
}
