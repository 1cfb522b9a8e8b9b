import { Button, Center, Code, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { logIn, type Login } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { ApiFailure, sentenceOf } from '../api/api-failure.js';
import { setLogin, withGrants } from '../api/login-query.js';
import { hasUnsaved, useUnsaved } from '../loading/unsaved.js';
import { Notice } from '../parts/notice.js';
import { ProviderButton } from './provider-button.js';

/** A remote cluster was not started by `npm start` on this machine. */
const IS_HERE = /^(localhost|127\.[\d.]+|\[::1\])$/.test(location.hostname);

interface SignInPageProps {
  ended: Login | null;
  /** Why signing in at the identity provider failed. */
  refused: ApiFailure | undefined;
}

/** Exchanges an API token for a cookie that scripts cannot read, and forgets the token at once; or redirects to the identity provider. */
export function SignInPage({ ended, refused }: SignInPageProps) {
  const queryClient = useQueryClient();
  const [token, setToken] = useState('');
  // Input on the page is hidden at this point, and not saved.
  const [isKept] = useState(hasUnsaved);
  useUnsaved(isKept && ended !== null);
  const [missing, setMissing] = useState(false);
  const signIn = useMutation({
    mutationFn: (wanted: string) => answerOf(logIn({ body: { token: wanted } })),
    onSuccess: (login) => setLogin(queryClient, () => ({ login: withGrants(login), ended: null })),
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = token.trim();
    setMissing(wanted === '');
    if (wanted !== '') signIn.mutate(wanted);
  };
  const wrong = isWrongToken(signIn.error);
  const failure = signIn.error ?? (signIn.isPending ? null : refused);
  return (
    <Center component="main" mih="100dvh" p="md">
      <title>Sign in · Rollcall</title>
      <Paper withBorder p="xl" w="100%" maw={440}>
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <div>
              <Title order={1} size="h2">
                Rollcall
              </Title>
              <Text c="dimmed">Compute nodes: register, approve, watch, drain, remove.</Text>
            </div>
            {ended && !signIn.error && (
              <Notice kind="information" role="status">
                {`Your login has ended. Sign in again as ${ended.name} to continue where you were.${isKept ? ' Your input is kept.' : ''}`}
              </Notice>
            )}
            {failure && !wrong && (
              <Notice kind="bad" role="alert" title="You could not be signed in">
                {sentenceOf(failure)}
              </Notice>
            )}
            <ProviderButton />
            <PasswordInput
              label="API token"
              description={
                <>
                  Administrators create tokens with <Code>rollcall api-token create</Code>
                  {IS_HERE && (
                    <>
                      ; <Code>npm start</Code> printed one at its first start
                    </>
                  )}
                  .
                </>
              }
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              error={
                missing
                  ? 'Enter a token.'
                  : wrong
                    ? 'This token is not valid: it may be incomplete, expired or revoked.'
                    : undefined
              }
              autoComplete="current-password"
              spellCheck={false}
              autoFocus
              visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the token' }}
            />
            <Button type="submit" loading={signIn.isPending} fullWidth>
              Sign in
            </Button>
            <Text size="xs" c="dimmed">
              The token is exchanged for a cookie that lasts twelve hours; the page does not store it.
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}

function isWrongToken(error: unknown): boolean {
  return error instanceof ApiFailure && (error.code === 'UNAUTHENTICATED' || error.code === 'VALIDATION_FAILED');
}
