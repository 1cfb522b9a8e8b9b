import { fc, test as property } from '@fast-check/jest';
import { describe, expect, test } from '@jest/globals';
import { parseJsonBody } from '../../../src/http/json-body.js';

const withoutProto = (value: unknown): boolean => !JSON.stringify(value).includes('"__proto__"');

describe('a JSON body', () => {
  property.prop([fc.jsonValue({ maxDepth: 8 }).filter(withoutProto)])(
    'is read as JSON.parse reads it, whatever its strings hold',
    (value) => {
      const text = JSON.stringify(value);
      expect(parseJsonBody(text)).toEqual(JSON.parse(text));
      expect(parseJsonBody(JSON.stringify(value, null, 2))).toEqual(JSON.parse(text));
    },
  );

  property.prop([fc.string().filter((key) => key !== '__proto__'), fc.jsonValue({ maxDepth: 3 }).filter(withoutProto)])(
    'that says one thing twice is refused, however deep',
    (key, value) => {
      const member = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
      expect(() => parseJsonBody(`{"a":[{${member}, ${member}}]}`)).toThrow('stands twice');
    },
  );

  test('may have the same key in two objects', () => {
    expect(parseJsonBody('{"a":{"k":"k"},"b":{"k":["k","k"]}}')).toEqual({ a: { k: 'k' }, b: { k: ['k', 'k'] } });
  });

  test.each([['{'], ["{'a':1}"], ['{"a":1,}'], ['NaN'], ['{"a":1}{}']])('%s is no JSON', (text) => {
    expect(() => parseJsonBody(text)).toThrow('the body is not JSON');
  });

  test.each([
    ['keys', (count: number) => Array.from({ length: count }, (_, index) => `"k${index}":0`).join()],
    ['values', (count: number) => `"k":[${'0,'.repeat(count)}0]`],
    ['objects', (count: number) => `"k":[${'{},'.repeat(count)}0]`],
  ])('with too many %s is refused before the rest of it is read', (_what, members) => {
    expect(() => parseJsonBody(`{${members(200_000)} and this is no JSON`)).toThrow(
      'the body has more than 20000 keys or 150000 values',
    );
  });

  test('of the largest report of agents is accepted', () => {
    const live = Array.from({ length: 1_000 }, (_, index) => ({
      id: `s${index}`,
      kind: 'external',
      principal: 'a',
      statement: '',
      state: 'RUNNING',
      startedAt: 't',
    }));
    const ended = Array.from({ length: 8 }, () => ({
      preview: {
        columns: Array.from({ length: 64 }, () => ({ name: 'n', type: 't' })),
        rows: Array.from({ length: 100 }, () => Array.from({ length: 64 }, () => 'x')),
      },
    }));
    expect(parseJsonBody(JSON.stringify({ live, ended }))).toEqual({ live, ended });
  });

  test('of quotes and backslashes alone takes time proportional to its length', () => {
    expect(() => parseJsonBody('\\"'.repeat(2_000_000))).toThrow('the body is not JSON');
  });
});
