import { queryOptions } from '@tanstack/react-query';
import { getReadiness, type Readiness } from '../../../client/index.js';
import { answerOf } from './answer-of.js';

/** The answering api's report about itself and the servers behind it, whether it is ready or not: a 503 is the most informative. */
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
