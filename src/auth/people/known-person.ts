import type { Config } from '../../../contract/config/schema.js';
import { parseGrant, powersOf, type Powers } from '../../../contract/grants.js';
import { ProblemError } from '../../http/problem-error.js';
import type { Administrator } from '../caller.js';
import { textClaim } from '../claims.js';
import { unauthenticated } from '../unauthenticated.js';

type Settings = Config['Orchestrator']['Auth']['OIDC'];
type Claims = Readonly<Record<string, unknown>>;

/** Who somebody is that the identity provider vouches for, and what they may. */
export type KnownPerson = Pick<Administrator, 'principal' | 'name' | keyof Powers>;

/** Nobody at the issuer can have the name of an api token, of an agent or of the system in events. */
const MARK = 'oidc:';
const MAX_NAME_LENGTH = 128;
/** What shows as it is, in one line. */
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;

/**
 * Whom claims of the issuer mean, whichever way they came: the one place where groups become roles.
 * @throws ProblemError UNAUTHENTICATED where they name nobody, FORBIDDEN where none of the roles counts here
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

/** As the issuer calls them. */
export function subjectOfPerson({ principal }: Pick<KnownPerson, 'principal'>): string {
  const [, subject] = JSON.parse(principal.slice(MARK.length)) as [string, string];
  return subject;
}

/** Whether it is the configured issuer that vouches for them. Another one is to hear nothing of what this one gave. */
export function isOfIssuer({ principal }: Pick<KnownPerson, 'principal'>, { Issuer }: Settings): boolean {
  return Issuer !== undefined && principal.startsWith(`${MARK}[${JSON.stringify(Issuer)},`);
}

/** All that are mapped, together. */
function powersFrom(claims: Claims, { RolesClaim, RoleMapping }: Settings): Powers | undefined {
  const claimed = claimAt(claims, RolesClaim);
  const names = (Array.isArray(claimed) ? claimed : [claimed]).filter((name) => typeof name === 'string');
  const held = names.flatMap((name) => (Object.hasOwn(RoleMapping, name) ? [parseGrant(RoleMapping[name] ?? '')] : []));
  return powersOf(held.filter((grant) => typeof grant !== 'string'));
}

function nameFrom(claims: Claims, sub: string, { NameClaim }: Settings): string {
  // Anybody may say that an address is theirs.
  const isUnproven = NameClaim === 'email' && claims['email_verified'] !== true;
  const name = [isUnproven ? undefined : claimAt(claims, NameClaim), sub].find(isName);
  if (name === undefined) throw unauthenticated();
  return MARK + name;
}

function isName(candidate: unknown): candidate is string {
  return typeof candidate === 'string' && candidate.length <= MAX_NAME_LENGTH && PRINTABLE.test(candidate);
}

/** Names of claims may have dots in them: the whole name goes before the path. */
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
