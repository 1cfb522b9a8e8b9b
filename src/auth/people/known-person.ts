import type { Config } from '../../../contract/config/schema.js';
import { parseGrant, powersOf, type Powers } from '../../../contract/grants.js';
import { ProblemError } from '../../http/problem-error.js';
import type { Administrator } from '../caller.js';
import { textClaim } from '../claims.js';
import { unauthenticated } from '../unauthenticated.js';

type Settings = Config['Orchestrator']['Auth']['OIDC'];
type Claims = Readonly<Record<string, unknown>>;

/** A person that the identity provider vouches for, with their roles. */
export type KnownPerson = Pick<Administrator, 'principal' | 'name' | keyof Powers>;

/** Prefix that keeps people of the issuer from having the name of an api token, an agent or the system in events. */
const MARK = 'oidc:';
const MAX_NAME_LENGTH = 128;
/** Text that is displayed as it is, in one line. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;

/**
 * Maps claims of the issuer to a person, for all ways of signing in: the only place where groups become roles.
 * @throws ProblemError UNAUTHENTICATED without a subject, FORBIDDEN where no role is mapped
 */
export function personOf(claims: Claims, settings: Settings): KnownPerson {
  const [iss, sub] = [textClaim(claims, 'iss'), textClaim(claims, 'sub')];
  if (iss === undefined || sub === undefined) throw unauthenticated();
  const name = nameFrom(claims, sub, settings);
  const powers = powersFrom(claims, settings);
  if (powers === undefined) {
    throw new ProblemError({
      code: 'FORBIDDEN',
      detail: `${name} has no role here: nothing in the claim ${settings.RolesClaim} is mapped to one`,
      hint: 'An administrator maps names to roles in Orchestrator.Auth.OIDC.RoleMapping',
    });
  }
  return { principal: MARK + JSON.stringify([iss, sub]), name, ...powers };
}

/** The person's subject at the issuer. */
export function subjectOfPerson({ principal }: Pick<KnownPerson, 'principal'>): string {
  const [, subject] = JSON.parse(principal.slice(MARK.length)) as [string, string];
  return subject;
}

/** Whether the configured issuer vouches for the person. Tokens of one issuer must never be sent to another. */
export function isOfIssuer({ principal }: Pick<KnownPerson, 'principal'>, { Issuer }: Settings): boolean {
  return Issuer !== undefined && principal.startsWith(`${MARK}[${JSON.stringify(Issuer)},`);
}

/** The union of all mapped roles. */
function powersFrom(claims: Claims, { RolesClaim, RoleMapping }: Settings): Powers | undefined {
  const claimed = claimAt(claims, RolesClaim);
  const names = (Array.isArray(claimed) ? claimed : [claimed]).filter((name) => typeof name === 'string');
  const held = names.flatMap((name) => (Object.hasOwn(RoleMapping, name) ? [parseGrant(RoleMapping[name] ?? '')] : []));
  return powersOf(held.filter((grant) => typeof grant !== 'string'));
}

function nameFrom(claims: Claims, sub: string, { NameClaim }: Settings): string {
  // An unverified address may be anybody's.
  const isUnproven = NameClaim === 'email' && claims['email_verified'] !== true;
  const name = [isUnproven ? undefined : claimAt(claims, NameClaim), sub].find(isName);
  if (name === undefined) throw unauthenticated();
  return MARK + name;
}

function isName(candidate: unknown): candidate is string {
  return typeof candidate === 'string' && candidate.length <= MAX_NAME_LENGTH && PRINTABLE.test(candidate);
}

/** The claim with this name, which may contain dots, or else at this path. */
export function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>(
      (within, key) => (isObject(within) && Object.hasOwn(within, key) ? within[key] : undefined),
      claims,
    );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
