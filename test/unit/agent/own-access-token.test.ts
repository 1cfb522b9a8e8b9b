import { createPublicKey } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, test } from '@jest/globals';
import { OwnAccessToken } from '../../../agent/membership/own-access-token.js';
import { Refused, type ControlPlane } from '../../../agent/control-plane/control-plane.js';
import { newPrivateKey, publicKeyOf } from '../../../agent/membership/identity.js';
import { LogRecorder } from '../../support/agent/log-recorder.js';
import { StillClock } from '../../support/agent/test-clock.js';

const NEVER = new AbortController().signal;
const REGISTRATION = {
  id: 'node-1',
  uid: '0b1c7a52-0b3c-4c8e-9b1e-3f1a2b3c4d5e',
  privateKey: newPrivateKey(),
  tokenFingerprint: '',
  orchestrator: '',
  registeredAt: '',
};
const unauthenticated = (serverTime: number) =>
  new Refused(401, { code: 'UNAUTHENTICATED', detail: 'who are you?' }, serverTime);

function setUp(accept: (assertion: string, trade: number) => void = () => undefined, luck = 0.5) {
  const [clock, log, assertions] = [new StillClock(1_800_000_000_000), new LogRecorder(), [] as string[]];
  const plane = {
    async accessToken(assertion: string) {
      assertions.push(assertion);
      accept(assertion, assertions.length);
      return { accessToken: `token-${assertions.length}`, expiresInS: 900 };
    },
  } as Partial<ControlPlane> as ControlPlane;
  return { clock, log, assertions, tokens: new OwnAccessToken(plane, clock, () => luck, log, REGISTRATION) };
}

const use = (tokens: OwnAccessToken) => tokens.with(async (accessToken) => accessToken, NEVER);

test('the assertion is signed with the key of the node, for a minute and for one use', async () => {
  const { tokens, assertions, clock } = setUp();
  await use(tokens);
  const key = createPublicKey({ key: publicKeyOf(REGISTRATION.privateKey), format: 'jwk' });
  const { payload, protectedHeader } = await jwtVerify(assertions[0] ?? '', key, {
    audience: 'rollcall',
    subject: REGISTRATION.uid,
    currentDate: new Date(clock.ms),
  });
  expect(protectedHeader.alg).toBe('EdDSA');
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
  expect(payload.jti).toMatch(/^[0-9a-f-]{36}$/);
});

test.each([
  ['two thirds of its life', 0.5, 600_000],
  ['half of it, with the one luck', 0, 450_000],
  ['five sixths, with the other', 1, 750_000],
])('a token is used until %s is over', async (_, luck, untilMs) => {
  const { tokens, clock } = setUp(undefined, luck);
  expect(await use(tokens)).toBe('token-1');
  clock.ms += untilMs - 1;
  expect(await use(tokens)).toBe('token-1');
  clock.ms += 1;
  expect(await use(tokens)).toBe('token-2');
});

test('concurrent calls share one exchange', async () => {
  const { tokens, assertions } = setUp();
  expect(await Promise.all([use(tokens), use(tokens)])).toEqual(['token-1', 'token-1']);
  expect(assertions).toHaveLength(1);
});

describe('a refused token', () => {
  test('is replaced once, and the call made again', async () => {
    const { tokens } = setUp();
    const used: string[] = [];
    const result = await tokens.with(async (accessToken) => {
      used.push(accessToken);
      if (accessToken === 'token-1') throw unauthenticated(Number.NaN);
      return 'done';
    }, NEVER);
    expect([result, used]).toEqual(['done', ['token-1', 'token-2']]);
  });

  test('is not replaced a second time in a row', async () => {
    const { tokens, assertions } = setUp();
    await expect(tokens.with(() => Promise.reject(unauthenticated(Number.NaN)), NEVER)).rejects.toMatchObject({
      status: 401,
    });
    expect(assertions).toHaveLength(2);
  });

  test('for another reason is not replaced', async () => {
    const { tokens, assertions } = setUp();
    const refused = new Refused(403, { code: 'NODE_REJECTED_BY_ADMINISTRATOR', detail: 'no' }, Number.NaN);
    await expect(tokens.with(() => Promise.reject(refused), NEVER)).rejects.toBe(refused);
    expect(assertions).toHaveLength(1);
  });
});

describe('a wrong clock', () => {
  const AHEAD_MS = 3_600_000;
  const issuedAt = (assertion: string) =>
    (JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString()) as { iat: number }).iat * 1_000;

  test("is logged, and the orchestrator's is used for assertions from then on", async () => {
    const { tokens, assertions, clock, log } = setUp((assertion) => {
      if (Math.abs(issuedAt(assertion) - (clock.ms + AHEAD_MS)) > 60_000) throw unauthenticated(clock.ms + AHEAD_MS);
    });
    await use(tokens);
    clock.ms += 600_000;
    await use(tokens);
    expect(assertions).toHaveLength(3);
    expect(log.text).toBe("warn this machine's clock is 1h behind the orchestrator's; set it right");
  });

  test('is not blamed for a credential that is refused anyway', async () => {
    const { tokens, assertions, clock, log } = setUp(() => {
      throw unauthenticated(clock.ms + 900);
    });
    await expect(use(tokens)).rejects.toMatchObject({ status: 401 });
    expect(assertions).toHaveLength(1);
    expect(log.lines).toEqual([]);
  });
});
