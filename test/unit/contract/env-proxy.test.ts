import http from 'node:http';
import https from 'node:https';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { useProxyOf } from '../../../contract/process/env-proxy.js';

const PROXY = 'http://proxy.example:3128';
const agents = (): http.Agent[] => [http.globalAgent, https.globalAgent];

/** Undoes what a test has set for the whole process. */
let restore = (): void => undefined;

beforeEach(() => {
  // Its return value restores the state before it, whatever is set later.
  restore = http.setGlobalProxyFromEnv({ HTTP_PROXY: PROXY });
});
afterEach(() => restore());

describe('the proxies of the environment', () => {
  test.each([
    ['none', {}, false],
    ['an empty one', { HTTP_PROXY: '' }, false],
    ['NO_PROXY alone', { NO_PROXY: 'example.com' }, false],
    ['HTTP_PROXY', { HTTP_PROXY: PROXY }, true],
    ['https_proxy in lower case', { https_proxy: 'https://proxy.example' }, true],
    ['both, and exceptions', { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY, no_proxy: 'example.com' }, true],
  ])('%s', (_title, env, uses) => {
    const before = agents();
    expect(useProxyOf(env)).toBe(uses);
    expect(agents().some((agent) => !before.includes(agent))).toBe(uses);
  });

  test.each(['proxy.example', 'socks5://proxy.example', 'proxy.example:3128', 'http://user:secret@:x'])(
    'are refused if %s is no proxy, without repeating it',
    (address) => {
      expect(() => useProxyOf({ HTTP_PROXY: address })).toThrow(
        new TypeError('HTTP_PROXY and HTTPS_PROXY name a proxy as http://host:port'),
      );
    },
  );
});
