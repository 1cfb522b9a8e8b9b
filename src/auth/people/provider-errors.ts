import { errors } from 'jose';
import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { IssuerUnavailable } from './bounded-fetch.js';

/** The provider said no, or something that cannot be believed. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
}

/** This cluster cannot show the provider who it is: that is the fault of no person, and lasts until somebody mends it. */
export class ClientNotAccepted extends IssuerUnavailable {}

/** What it means where asking the provider has failed. */
export function meaningOf(error: unknown): Error {
  return outageIn(error) ?? refusedClient(error) ?? refusalOf(error);
}

/** The library wraps what its fetch throws. */
function outageIn(error: unknown): IssuerUnavailable | undefined {
  return [error, error instanceof Error ? error.cause : undefined].find((each) => each instanceof IssuerUnavailable);
}

function refusedClient(cause: unknown): ClientNotAccepted | undefined {
  const isRefused =
    (cause instanceof ResponseBodyError && cause.error === 'invalid_client') ||
    // Of tokens it is another scheme that is asked for.
    (cause instanceof WWWAuthenticateChallengeError && cause.cause.some(({ scheme }) => scheme === 'basic'));
  return isRefused ? new ClientNotAccepted('it does not accept ClientId or its secret', { cause }) : undefined;
}

/** Of what the provider said its short names alone are repeated: what is longer may be anybody's. */
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
