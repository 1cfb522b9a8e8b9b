import { Button, Divider } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { beginProviderLogin, getLoginProvider } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { sentenceOf } from '../api/api-failure.js';
import { Notice } from '../parts/notice.js';
import { leaveForProvider } from '../api/provider-answer.js';

/** Button to sign in at the identity provider, if there is one. */
export function ProviderButton() {
  const { data } = useQuery({
    queryKey: ['login-provider'],
    queryFn: ({ signal }) => answerOf(getLoginProvider({ signal })),
  });
  const begin = useMutation({
    mutationFn: () => answerOf(beginProviderLogin()),
    onSuccess: ({ url }) => leaveForProvider(url),
  });
  if (!data || data.name === null) return null;
  return (
    <>
      {begin.error && (
        <Notice kind="bad" role="alert" title="The identity provider could not be reached">
          {sentenceOf(begin.error)}
        </Notice>
      )}
      <Button onClick={() => begin.mutate()} loading={begin.isPending || begin.isSuccess} fullWidth>
        Sign in with {data.name}
      </Button>
      <Divider label="or with an API token" />
    </>
  );
}
