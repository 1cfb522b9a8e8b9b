import { queryOptions } from '@tanstack/react-query';
import { getLogin, type Login } from '../../../client/index.js';
import { answerOf } from './answer-of.js';
import { ApiFailure } from './api-failure.js';

export const LOGIN_KEY = ['login'] as const;

export interface LoginState {
  /** null: nobody is signed in. */
  login: Login | null;
  /** Somebody was, until the login ended. */
  ended: boolean;
}

/** Who is signed in. Asked once: from then on any answer 401 tells that it is over. */
export const loginQuery = queryOptions({
  queryKey: LOGIN_KEY,
  queryFn: async ({ signal }): Promise<LoginState> => {
    try {
      return { login: await answerOf(getLogin({ signal })), ended: false };
    } catch (error) {
      if (error instanceof ApiFailure && error.code === 'UNAUTHENTICATED') return { login: null, ended: false };
      throw error;
    }
  },
  staleTime: Infinity,
  gcTime: Infinity,
});
