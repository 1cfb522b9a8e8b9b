import { Injectable } from '@nestjs/common';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Config } from '../../contract/config/schema.js';
import { ROLES, type Role } from '../../contract/roles.js';
import { Clock } from '../mechanics/clock.js';
import { InjectConfig } from '../process/config.js';
import { ProblemError } from '../http/problem-error.js';
import type { Administrator } from './caller.js';
import { textClaim, timeClaim } from './claims.js';
import { IssuerUnavailable, OidcIssuer } from './oidc-issuer.js';
import { unauthenticated } from './unauthenticated.js';

/** Signatures with a key pair only: with HS256 whoever knows the issuer's public key could sign, and `none` is no signature. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_S = 5;
const MAX_LENGTH = 16_384;
const MAX_NAME_LENGTH = 128;
/** What shows as it is, in one line. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;

/** Knows administrators by tokens (JWTs) of the configured issuer. */
@Injectable()
export class OidcAuthenticator {
  private readonly settings: Config['Orchestrator']['Auth']['OIDC'];

  constructor(
    private readonly issuer: OidcIssuer,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.settings = Orchestrator.Auth.OIDC;
  }

  /** Whether the issuer should be asked about this bearer at all: nothing else that strangers send reaches it. */
  isForMe(bearer: string): boolean {
    if (this.issuer.url === undefined || bearer.length > MAX_LENGTH) return false;
    try {
      return decodeJwt(bearer).iss === this.issuer.url && ALGORITHMS.includes(decodeProtectedHeader(bearer).alg ?? '');
    } catch {
      return false;
    }
  }

  /** @throws ProblemError UNAUTHENTICATED, FORBIDDEN where none of the roles counts here, UNAVAILABLE where the issuer does not answer */
  async authenticate(bearer: string): Promise<Administrator> {
    const payload = await this.verify(bearer);
    const [iss, sub, expiresAt] = [textClaim(payload, 'iss'), textClaim(payload, 'sub'), timeClaim(payload, 'exp')];
    if (iss === undefined || sub === undefined || expiresAt === undefined) throw unauthenticated();
    const name = nameFrom(payload, sub);
    const role = this.roleFrom(payload);
    if (role === undefined) {
      throw new ProblemError({
        code: 'FORBIDDEN',
        detail: `${name} has no role here: nothing in the claim ${this.settings.RolesClaim} is mapped to one`,
        hint: 'An administrator maps names to roles in Orchestrator.Auth.OIDC.RoleMapping',
      });
    }
    return {
      kind: 'administrator',
      principal: `oidc:${JSON.stringify([iss, sub])}`,
      name,
      role,
      via: 'oidc',
      expiresAt,
      records: [],
    };
  }

  private async verify(bearer: string): Promise<JWTPayload> {
    const { Issuer, Audience } = this.settings;
    if (Issuer === undefined || Audience === undefined) throw unauthenticated();
    try {
      const keys = await this.issuer.keysOf(Issuer);
      const { payload } = await jwtVerify(bearer, keys, {
        algorithms: ALGORITHMS,
        issuer: Issuer,
        audience: Audience,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['sub', 'exp', 'iat'],
        currentDate: new Date(this.clock.now()),
      });
      return payload;
    } catch (error) {
      throw isOutage(error) ? issuerUnavailable() : isRefusal(error) ? unauthenticated() : error;
    }
  }

  /** The highest of those that are mapped. */
  private roleFrom(payload: JWTPayload): Role | undefined {
    const { RolesClaim, RoleMapping } = this.settings;
    const claimed = claimAt(payload, RolesClaim);
    const names = (Array.isArray(claimed) ? claimed : [claimed]).filter((name) => typeof name === 'string');
    const held = names.flatMap((name) => (Object.hasOwn(RoleMapping, name) ? [RoleMapping[name]] : []));
    return ROLES.findLast((role) => held.includes(role));
  }
}

/** Marked, so that nobody at the issuer can have the name of an api token, of an agent or of the system in events. */
function nameFrom({ preferred_username: username }: JWTPayload, sub: string): string {
  const name = [username, sub].find(isName);
  if (name === undefined) throw unauthenticated();
  return `oidc:${name}`;
}

function isName(candidate: unknown): candidate is string {
  return typeof candidate === 'string' && candidate.length <= MAX_NAME_LENGTH && PRINTABLE.test(candidate);
}

/** Names of claims may have dots in them: the whole name goes before the path. */
function claimAt(payload: JWTPayload, name: string): unknown {
  if (Object.hasOwn(payload, name)) return payload[name];
  return name
    .split('.')
    .reduce<unknown>(
      (within, key) => (isObject(within) && Object.hasOwn(within, key) ? within[key] : undefined),
      payload,
    );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** jose tells a key set that is not to be had by these, and by whatever fetch throws. */
function isOutage(error: unknown): boolean {
  if (error instanceof IssuerUnavailable || error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
    return true;
  return error instanceof TypeError || (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC');
}

function isRefusal(error: unknown): boolean {
  return error instanceof errors.JOSEError;
}

function issuerUnavailable(): ProblemError {
  return new ProblemError({
    code: 'UNAVAILABLE',
    detail: 'the issuer of this token does not answer, so nobody can tell whether it is good',
    hint: 'Try again in a moment, or use an api token',
  });
}
