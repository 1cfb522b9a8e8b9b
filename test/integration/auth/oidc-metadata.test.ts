import { beforeEach, expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { OidcIssuer } from '../../../src/auth/people/oidc-issuer.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useIssuer } from '../../support/oidc-issuer.js';

/** An issuer whose discovery document changes while an api runs. */

const issuer = useIssuer();
let clock: ManualClock;
let known: OidcIssuer;

beforeEach(() => {
  issuer.broken = false;
  clock = new ManualClock(Date.now());
  known = new OidcIssuer(
    clock,
    loadConfig({
      flags: {
        'Orchestrator.Auth.OIDC.Issuer': issuer.url,
        'Orchestrator.Auth.OIDC.Audience': 'rollcall',
        'Orchestrator.Auth.OIDC.RoleMapping': 'staff=viewer',
      },
    }),
  );
});

const keysAddress = async () => (await known.metadata()).jwks_uri;

async function moveKeys(): Promise<string> {
  issuer.keysAt = `/keys-${crypto.randomUUID()}`;
  await issuer.rotate();
  return issuer.url + issuer.keysAt;
}

test('is refreshed after ten minutes, by one request for all callers', async () => {
  const before = await keysAddress();
  const after = await moveKeys();
  const asked = issuer.discovered;
  clock.advance(9 * 60_000);
  expect(await keysAddress()).toBe(before);
  expect(issuer.discovered).toBe(asked);
  clock.advance(60_000);
  await Promise.all(Array.from({ length: 8 }, keysAddress));
  expect(await keysAddress()).toBe(after);
  expect(issuer.discovered).toBe(asked + 1);
});

test('is used from memory while the issuer is unreachable, and soon requested again', async () => {
  const before = await keysAddress();
  const after = await moveKeys();
  issuer.broken = true;
  clock.advance(600_000);
  expect(await keysAddress()).toBe(before);
  issuer.broken = false;
  expect(await keysAddress()).toBe(before);
  clock.advance(5_000);
  expect(await keysAddress()).toBe(after);
});

test('is used from memory when the new document names another issuer', async () => {
  const before = await keysAddress();
  issuer.named = 'http://127.0.0.1:1';
  try {
    clock.advance(600_000);
    expect(await keysAddress()).toBe(before);
  } finally {
    issuer.named = undefined;
  }
});

test('follows moved keys: a token with a new key is valid at once', async () => {
  expect(await known.verify(await issuer.sign(), 'rollcall')).toMatchObject({ sub: 'user-7' });
  await moveKeys();
  clock.advance(5_000);
  expect(await known.verify(await issuer.sign(), 'rollcall')).toMatchObject({ sub: 'user-7' });
});

test('is not requested for every token with an unknown key', async () => {
  await known.verify(await issuer.sign(), 'rollcall');
  clock.advance(5_000);
  const asked = issuer.discovered;
  for (let index = 0; index < 20; index += 1)
    await expect(known.verify(await issuer.sign({}, { kid: `made-up-${index}` }), 'rollcall')).rejects.toThrow();
  expect(issuer.discovered).toBe(asked + 1);
});
