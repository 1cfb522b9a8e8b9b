import { queryOptions } from '@tanstack/react-query';
import { getReadiness, type Readiness } from '../../../client/index.js';
import { answerOf } from './answer-of.js';

/** What the api that answers says of itself and of the servers behind it, whether it is ready or not: its 503 says most. */
export const readinessQuery = queryOptions({
  queryKey: ['readiness'],
  queryFn: async ({ signal }): Promise<Readiness> => {
    const call = getReadiness({ signal });
    const { error } = await call;
    return isReadiness(error) ? error : answerOf(call);
  },
});

function isReadiness(answer: unknown): answer is Readiness {
  return typeof answer === 'object' && answer !== null && 'ready' in answer;
}
