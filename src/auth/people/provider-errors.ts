import { errors } from 'jose';
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { IssuerUnavailable } from './bounded-fetch.js';

/** The provider refused, or its answer cannot be trusted. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
}

/** The provider does not accept this cluster's client: no person is at fault, and an operator has to fix it. */
export class ClientNotAccepted extends IssuerUnavailable {}

/** Classifies a failed request to the provider. */
export function meaningOf(error: unknown): Error {
  return outageIn(error) ?? refusedClient(error) ?? refusalOf(error);
}

/** Finds the outage in the library's wrapped errors. */
function outageIn(error: unknown): IssuerUnavailable | undefined {
  return [error, error instanceof Error ? error.cause : undefined].find((each) => each instanceof IssuerUnavailable);
}

function refusedClient(cause: unknown): ClientNotAccepted | undefined {
  const isRefused =
    (cause instanceof ResponseBodyError && cause.error === 'invalid_client') ||
    // Challenges for bearer tokens have another scheme.
    (cause instanceof WWWAuthenticateChallengeError && cause.cause.some(({ scheme }) => scheme === 'basic'));
  return isRefused ? new ClientNotAccepted('it does not accept ClientId or its secret', { cause }) : undefined;
}

/** A refusal that quotes only the provider's short error codes, since longer texts may come from anybody. */
function refusalOf(cause: unknown): Error {
  if (cause instanceof AuthorizationResponseError || cause instanceof ResponseBodyError)
    return new ProviderRefusal(shortName(cause.error), { cause });
  if (cause instanceof WWWAuthenticateChallengeError) return new ProviderRefusal('it refuses', { cause });
  if (cause instanceof ClientError || cause instanceof errors.JOSEError)
    return new ProviderRefusal(detailOf(cause), { cause });
  return cause instanceof Error ? cause : new Error(String(cause));
}

function shortName(error: string): string {
  return /^[a-z_]{1,64}$/.test(error) ? error : 'it refuses';
}

function detailOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}
