import type { Logger } from '@nestjs/common';
import { ProblemError } from '../../http/problem-error.js';
import { IssuerUnavailable } from './bounded-fetch.js';
import { ProviderRefusal } from './identity-provider.js';

/** What somebody who signs in is told where that comes to nothing. @throws ProblemError FORBIDDEN, UNAVAILABLE */
export async function told<Answer>(answer: Promise<Answer>, logger: Logger): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof IssuerUnavailable || error instanceof ProviderRefusal)) throw error;
    logger.warn({ msg: 'somebody could not be signed in at the identity provider', reason: error.message });
    throw new ProblemError(
      error instanceof IssuerUnavailable
        ? {
            code: 'UNAVAILABLE',
            detail: 'the identity provider does not answer',
            hint: 'Try again in a moment, or use an api token',
          }
        : {
            code: 'FORBIDDEN',
            detail: `the identity provider did not let you in: ${error.message}`,
            hint: 'Begin again, or ask who runs the identity provider',
          },
    );
  }
}
