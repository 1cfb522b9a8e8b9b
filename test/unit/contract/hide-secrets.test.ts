import { expect, test } from '@jest/globals';
import { mintToken } from '../../../src/auth/secret-token.js';
import { hideSecrets } from '../../../contract/hide-secrets.js';

test.each(['rca', 'rcj', 'rcb', 'rcl'] as const)('a token keeps its public half only: %s', (prefix) => {
  const { id, text } = mintToken(prefix);
  expect(hideSecrets(`/v1/nodes/${text}/approve`)).toBe(`/v1/nodes/${prefix}_${id}…/approve`);
});

test('parts of a JWT and cookies are hidden', () => {
  const signature = Buffer.alloc(64, 7).toString('base64url');
  expect(hideSecrets(`x=${signature}; y`)).toBe('x=…; y');
});

test('names of nodes, addresses and sentences stay as they are', () => {
  for (const text of [
    '/v1/nodes/node-1/bootstrap-token',
    `a node named ${'a'.repeat(63)} exists already`,
    'urn:uuid:2d0b4f8e-0f3c-4b0e-9d0c-1c2b3a4d5e6f',
  ]) {
    expect(hideSecrets(text)).toBe(text);
  }
});
