import { fc, test } from '@fast-check/jest';
import { describe, expect } from '@jest/globals';
import { NODE_NAME_PATTERN, nodeNameFrom } from '../../../contract/node-name.js';

describe('nodeNameFrom', () => {
  test.each([
    ['gpu-01.example.org', 'gpu-01.example.org'],
    ['Build Server', 'build-server'],
    ["ADA's Mac (2)", 'ada-s-mac-2'],
    ['-.edge.-', 'edge'],
    ['x'.repeat(80), 'x'.repeat(63)],
    [`${'x'.repeat(62)}..y`, 'x'.repeat(62)],
  ])('turns %j into %j', (hostname, name) => {
    expect(nodeNameFrom(hostname)).toBe(name);
  });

  test.each(['', '---', '日本', '...'])('has no name to make of %j', (hostname) => {
    expect(nodeNameFrom(hostname)).toBeUndefined();
  });

  test.prop([fc.oneof(fc.string({ unit: 'binary' }), fc.domain())])(
    "turns any host's name into a valid name, or none",
    (hostname) => {
      const name = nodeNameFrom(hostname);
      expect(name === undefined || NODE_NAME_PATTERN.test(name)).toBe(true);
    },
  );

  test.prop([fc.stringMatching(NODE_NAME_PATTERN)])('keeps a valid name', (name) => {
    expect(nodeNameFrom(name)).toBe(name);
  });
});
