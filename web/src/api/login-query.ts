import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { finishProviderLogin, getLogin, type Login } from '../../../client/index.js';
import { answerOf } from './answer-of.js';
import { ApiFailure } from './api-failure.js';
import { forgetAnswers } from './conditional-fetch.js';
import { takeProviderAnswer } from './provider-answer.js';
import { liveFeed } from './live-feed.js';

const LOGIN_KEY = ['login'] as const;

export interface LoginState {
  /** null: nobody is signed in. */
  login: Login | null;
  /** Whose login expired; null after signing out, and if nobody was signed in. */
  ended: Login | null;
  /** Why signing in at the identity provider failed. */
  refused?: ApiFailure;
}

/** Who is signed in. Requested once: from then on any answer 401 means that the login has ended. */
export const loginQuery = queryOptions({
  queryKey: LOGIN_KEY,
  queryFn: async ({ signal }): Promise<LoginState> => {
    try {
      const answer = takeProviderAnswer();
      if (answer !== undefined) return await loginBy(answer);
      return { login: withGrants(await answerOf(getLogin({ signal }))), ended: null };
    } catch (error) {
      if (error instanceof ApiFailure && error.code === 'UNAUTHENTICATED') return { login: null, ended: null };
      throw error;
    }
  },
  staleTime: Infinity,
  gcTime: Infinity,
});

async function loginBy(answer: string): Promise<LoginState> {
  try {
    return { login: withGrants(await answerOf(finishProviderLogin({ body: { answer } }))), ended: null };
  } catch (error) {
    if (error instanceof ApiFailure) return { login: null, ended: null, refused: error };
    throw error;
  }
}

/** During an upgrade the answer may come from a replica of an older version, which sends no grants. */
export function withGrants(login: Omit<Login, 'grants'> & Partial<Pick<Login, 'grants'>>): Login {
  return { grants: [], ...login };
}

/** Sets who is signed in. All other data is dropped, so that the next person does not see it. */
export function setLogin(
  queryClient: QueryClient,
  next: (before: LoginState | undefined) => LoginState | undefined,
): void {
  const before = queryClient.getQueryData<LoginState>(LOGIN_KEY);
  const after = next(before);
  const person = (state: LoginState | undefined) => (state?.login ?? state?.ended)?.name;
  if (person(before) !== undefined && person(before) !== person(after)) {
    queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== LOGIN_KEY[0] });
    forgetAnswers();
    liveFeed.forget();
  }
  queryClient.setQueryData(LOGIN_KEY, after);
}
