import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';

const set = (uri: string, more: Record<string, string> = {}) =>
  loadConfig({ flags: { 'Orchestrator.MongoDB.URI': uri, ...more } }).Orchestrator.MongoDB;
const CA = { 'Orchestrator.MongoDB.TLS.CAFile': 'ca.pem' };

test.each([
  'mongodb://a:1,b:2,c:3/rollcall?replicaSet=rs&w=majority&readPreference=primary',
  'mongodb+srv://ops:p%40ss@cluster0.example.mongodb.net/rollcall?retryWrites=true&w=majority',
])('is accepted: %s', (uri) => {
  expect(set(uri).URI).toBe(uri);
});

describe('is refused in one sentence, without being repeated', () => {
  test.each([
    ['mongodb://ops:hush@h/', /names no database: write it as mongodb:\/\/host/],
    ['mongodb://ops:hush@h', /names no database/],
    ['mongodb://ops:hush@h?replicaSet=rs', /names no database/],
    ['mongodb+srv://ops:hush@h/?w=majority', /names no database/],
    ['mongodb:///rollcall', /names no host/],
    ['mongodb://ops:hush@h/r?w=1', /says w=, and a decision that was acknowledged/],
    ['mongodb://ops:hush@h/r?W=0', /says w=/],
    ['mongodb://ops:hush@h/r?journal=false', /says journal=false/],
    ['mongodb://ops:hush@h/r?readPreference=secondaryPreferred', /says readPreference=/],
  ])('%s', (uri, sentence) => {
    expect(() => set(uri)).toThrow(sentence);
    expect(() => set(uri)).not.toThrow(/hush/);
  });
});

describe('files for TLS', () => {
  test('can be combined with a URI without such options', () => {
    expect(set('mongodb://h/r?tls=true', CA).TLS).toEqual({ CAFile: 'ca.pem' });
  });

  test.each(['tls=false', 'ssl=false', 'tlsCAFile=other.pem'])('do not overrule %s', (option) => {
    expect(() => set(`mongodb://h/r?${option}`, CA)).toThrow(/TLS\.CAFile.*the URI says \w+=: keep one of them/);
  });

  test('are needed as a pair', () => {
    expect(() => set('mongodb://h/r', { 'Orchestrator.MongoDB.TLS.CertFile': 'c.pem' })).toThrow(
      /only CertFile is set, and TLS needs both/,
    );
  });
});
