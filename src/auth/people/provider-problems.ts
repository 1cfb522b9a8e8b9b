import type { Logger } from '@nestjs/common';
import { ProblemError } from '../../http/problem-error.js';
import { IssuerUnavailable } from './bounded-fetch.js';
import { ProviderRefusal } from './identity-provider.js';

const USE_A_TOKEN = 'Try again in a moment, or use an api token';

/** @param of what of it is in doubt */
export function issuerUnavailable(of: 'of this token' | 'of this login'): ProblemError {
  return new ProblemError({
    code: 'UNAVAILABLE',
    detail: `the issuer ${of} does not answer, so nobody can tell whether it is good`,
    hint: USE_A_TOKEN,
  });
}

/** What the identity provider makes of a sign-in. @throws ProblemError FORBIDDEN where it refuses, UNAVAILABLE where it does not answer */
export async function signedInBy<Answer>(answer: Promise<Answer>, logger: Logger): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof IssuerUnavailable || error instanceof ProviderRefusal)) throw error;
    logger.warn({ msg: 'somebody could not be signed in at the identity provider', reason: error.message });
    throw new ProblemError(
      error instanceof IssuerUnavailable
        ? { code: 'UNAVAILABLE', detail: 'the identity provider does not answer', hint: USE_A_TOKEN }
        : {
            code: 'FORBIDDEN',
            detail: `the identity provider did not let you in: ${error.message}`,
            hint: 'Begin again, or ask who runs the identity provider',
          },
    );
  }
}
