import type { Logger } from '@nestjs/common';
import { ProblemError } from '../../http/problem-error.js';
import { NoDeviceEndpoint } from './begun-device.js';
import { IssuerUnavailable } from './bounded-fetch.js';
import { ClientNotAccepted, ProviderRefusal } from './provider-errors.js';

const USE_A_TOKEN = 'Try again in a moment, or use an api token';
const USE_TOKEN_STDIN = 'Use an api token: rollcall auth login --token-stdin';
const CHECK_THE_CLIENT =
  'Who runs this cluster checks Orchestrator.Auth.OIDC.ClientId and ClientSecretFile; until then use an api token';

/** @param of the subject that cannot be verified */
export function issuerUnavailable(of: 'of this token' | 'of this login', why?: IssuerUnavailable): ProblemError {
  return new ProblemError(
    why instanceof ClientNotAccepted
      ? {
          code: 'UNAVAILABLE',
          detail: `nobody can ask the issuer ${of} whether it is good: ${why.message}`,
          hint: CHECK_THE_CLIENT,
        }
      : {
          code: 'UNAVAILABLE',
          detail: `the issuer ${of} does not answer, so nobody can tell whether it is good`,
          hint: USE_A_TOKEN,
        },
  );
}

/** @throws ProblemError NOT_FOUND where no provider is configured for signing in */
export function requireProvider({ name }: { name: string | undefined }): void {
  if (name !== undefined) return;
  throw new ProblemError({
    code: 'NOT_FOUND',
    detail: 'nobody signs in at an identity provider here',
    hint: USE_TOKEN_STDIN,
  });
}

/** Turns failures of the identity provider into problems. @throws ProblemError FORBIDDEN where it refuses, UNAVAILABLE where it does not answer */
export async function signedInBy<Answer>(answer: Promise<Answer>, logger: Logger): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof IssuerUnavailable || error instanceof ProviderRefusal)) throw error;
    logger.warn({ msg: 'somebody could not be signed in at the identity provider', reason: error.message });
    if (error instanceof NoDeviceEndpoint) {
      throw new ProblemError({
        code: 'NOT_FOUND',
        detail:
          'the identity provider has no way to sign people in at a command line (no device_authorization_endpoint)',
        hint: USE_TOKEN_STDIN,
      });
    }
    if (error instanceof ProviderRefusal) {
      throw new ProblemError({
        code: 'FORBIDDEN',
        detail: `the identity provider did not let you in: ${error.message}`,
        hint: 'Begin again, or ask who runs the identity provider',
      });
    }
    throw new ProblemError(
      error instanceof ClientNotAccepted
        ? {
            code: 'UNAVAILABLE',
            detail: `nobody can sign in at the identity provider at present: ${error.message}`,
            hint: CHECK_THE_CLIENT,
          }
        : { code: 'UNAVAILABLE', detail: 'the identity provider does not answer', hint: USE_A_TOKEN },
    );
  }
}
