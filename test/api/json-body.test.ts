import { fc, test as property } from '@fast-check/jest';
import { describe, expect, test } from '@jest/globals';
import { parseJsonBody } from '../../src/http/json-body.js';

const withoutProto = (value: unknown): boolean => !JSON.stringify(value).includes('"__proto__"');

describe('a JSON body', () => {
  property.prop([fc.jsonValue({ maxDepth: 8 }).filter(withoutProto)])('is read as JSON.parse reads it, whatever its strings hold', (value) => {
    const text = JSON.stringify(value);
    expect(parseJsonBody(text)).toEqual(JSON.parse(text));
    expect(parseJsonBody(JSON.stringify(value, null, 2))).toEqual(JSON.parse(text));
  });

  property.prop([fc.string().filter((key) => key !== '__proto__'), fc.jsonValue({ maxDepth: 3 }).filter(withoutProto)])(
    'that says one thing twice is refused, however deep',
    (key, value) => {
      const member = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
      expect(() => parseJsonBody(`{"a":[{${member}, ${member}}]}`)).toThrow('stands twice');
    },
  );

  test('may say one thing in two objects', () => {
    expect(parseJsonBody('{"a":{"k":"k"},"b":{"k":["k","k"]}}')).toEqual({ a: { k: 'k' }, b: { k: ['k', 'k'] } });
  });

  test.each([['{'], ["{'a':1}"], ['{"a":1,}'], ['NaN'], ['{"a":1}{}']])('%s is no JSON', (text) => {
    expect(() => parseJsonBody(text)).toThrow('the body is not JSON');
  });
});
