import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { packageIn, UpdateRefused } from '../../../agent/updates/signed-packages.js';

const keyPair = () => generateKeyPairSync('ed25519');
const [operator, next, stranger] = [keyPair(), keyPair(), keyPair()];
const SUM = 'ab'.repeat(32);
const LIST = Buffer.from(
  `${SUM}  rollcall-agent_1.1.0_amd64.tar.gz\n${'cd'.repeat(32)}  rollcall-agent_1.0.0_amd64.deb\n`,
);
const by = (key: typeof operator, list = LIST) => sign(null, list, key.privateKey).toString('base64');
const accepted = [operator.publicKey, next.publicKey];

test('finds the package in a list that one of the keys has signed', () => {
  for (const key of [operator, next])
    expect(packageIn(LIST, `${by(key)}\n`, accepted, '1.1.0', 'amd64')).toEqual({
      name: 'rollcall-agent_1.1.0_amd64.tar.gz',
      sha256: SUM,
    });
});

test.each([
  ['a list that somebody else has signed', LIST, by(stranger), '1.1.0'],
  ['a list that was changed since', Buffer.from(LIST.toString().replace('ab', 'ac')), by(operator), '1.1.0'],
  ['a signature of nothing', LIST, '', '1.1.0'],
  ['what is no signature', LIST, 'not base64 at all', '1.1.0'],
  ['a list without the version', LIST, by(operator), '1.2.0'],
  ['a version that is there in another form only', LIST, by(operator), '1.0.0'],
])('refuses %s', (_what, list, signature, version) => {
  expect(() => packageIn(list, signature, accepted, version, 'amd64')).toThrow(UpdateRefused);
});
