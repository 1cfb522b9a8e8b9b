import { describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { loadConfig } from '../../../contract/config/load-config.js';
import { readTemporalAccess, withTemporalProfile } from '../../../src/temporal/temporal-access.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ADDRESS = { 'Orchestrator.Temporal.Address': 'temporal.example.org:7233' };
/** The result with these keys set, below Orchestrator.Temporal. */
const read = (settings: Record<string, string>, env: Record<string, string> = {}) =>
  readTemporalAccess(
    loadConfig({
      flags: {
        ...ADDRESS,
        ...Object.fromEntries(
          Object.entries(settings).map(([name, value]) => [`Orchestrator.Temporal.${name}`, value]),
        ),
      },
    }).Orchestrator.Temporal,
    env,
  );

async function fileOf(text: string, name = 'file'): Promise<string> {
  const path = join(await temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

const KEY = 'Orchestrator.Temporal';

test('without settings Temporal is used without TLS, and the environment changes nothing', () => {
  const env = { TEMPORAL_ADDRESS: 'other:1', TEMPORAL_API_KEY: 'key', TEMPORAL_TLS: 'true' };
  expect(read({}, env)).toEqual({
    address: 'temporal.example.org:7233',
    namespace: undefined,
    passes: { tls: undefined, apiKey: undefined, metadata: undefined },
    files: [],
  });
});

describe('an API key', () => {
  test('implies TLS, and its file is followed', async () => {
    const path = await fileOf('key-1\n');
    expect(read({ APIKeyFile: path })).toMatchObject({ passes: { apiKey: 'key-1', tls: true }, files: [path] });
  });

  test('is not sent in plain text, except to this machine', async () => {
    const settings = { APIKeyFile: await fileOf('key-1'), 'TLS.Enabled': 'false' };
    expect(() => read(settings)).toThrow(
      `${KEY}.TLS.Enabled: without TLS anyone on the way to Temporal could read the API key; leave it out`,
    );
    expect(read({ ...settings, Address: '127.0.0.1:7233' }).passes).toMatchObject({ apiKey: 'key-1', tls: false });
  });

  test.each([
    ['', 'is empty'],
    ['Bearer key', 'holds more than a key: it is one word'],
  ])('is one word in its file: %j', async (text, why) => {
    const path = await fileOf(text);
    expect(() => read({ APIKeyFile: path })).toThrow(`${KEY}.APIKeyFile: ${path} ${why}`);
  });
});

describe('TLS', () => {
  test.each(['CAFile', 'ServerName'])('is on where %s is set', async (name) => {
    expect(read({ [`TLS.${name}`]: name === 'CAFile' ? await authority() : 'name' }).passes.tls).toBeTruthy();
  });

  test('reports which file is invalid', async () => {
    const path = await fileOf('no certificate');
    expect(() => read({ 'TLS.CAFile': '/nowhere' })).toThrow(
      `${KEY}.TLS.CAFile: /nowhere cannot be read: there is no such file`,
    );
    expect(() => read({ 'TLS.CAFile': path })).toThrow(`${KEY}.TLS.CAFile: ${path} holds no certificate in PEM form`);
    expect(() => read({ 'TLS.CertFile': path, 'TLS.KeyFile': path })).toThrow(
      `${KEY}.TLS.CertFile: ${path} holds no certificate in PEM form`,
    );
    expect(() => read({ 'TLS.CertFile': path })).toThrow(/KeyFile.*only CertFile is set, and TLS needs both/);
    expect(() => read({ 'TLS.Enabled': 'false', 'TLS.ServerName': 'name' })).toThrow(
      /TLS\.Enabled.*with ServerName it is TLS/,
    );
  });
});

describe('a profile', () => {
  const TOML = `[profile.default]
address = "cloud.example.org:7233"
namespace = "ns.acct"
api_key = "key-1"
[profile.default.grpc_meta]
x_team = "ops"
`;

  test('provides what the configuration does not set', async () => {
    const ProfileFile = await fileOf(TOML);
    const config = (flags: Record<string, string>) =>
      withTemporalProfile(loadConfig({ flags: { [`${KEY}.ProfileFile`]: ProfileFile, ...flags } }), {}).Orchestrator
        .Temporal;
    expect(config({})).toMatchObject({ Address: 'cloud.example.org:7233', Namespace: 'ns.acct' });
    expect(config({ ...ADDRESS, [`${KEY}.Namespace`]: 'ours' })).toMatchObject({
      Address: 'temporal.example.org:7233',
      Namespace: 'ours',
    });
    expect(read({ ProfileFile }).passes).toEqual({ tls: true, apiKey: 'key-1', metadata: { 'x-team': 'ops' } });
  });

  test("is overridden by the environment, as in Temporal's own tools", async () => {
    const ProfileFile = await fileOf(TOML);
    expect(read({ ProfileFile }, { TEMPORAL_API_KEY: 'key-2' }).passes.apiKey).toBe('key-2');
  });

  test.each([
    ['[profile.default]\nadress = "x"', {}, /key\(s\) unrecognized in profile\.default: adress/],
    ['[profile', {}, /cannot be used: Invalid TOML document/],
    [TOML, { Profile: 'ops' }, /profile "ops" of .* cannot be used: .*ops/],
    ['[profile.default.tls]\nclient_cert_path = "a"', {}, /its client certificate and the key of that are both needed/],
    [
      '[profile.default.tls]\nserver_ca_cert_path = "/nowhere"',
      {},
      /cannot be used: tls: \/nowhere cannot be read: there is no such file/,
    ],
  ])('that is invalid is one sentence: %j', async (text, settings, sentence) => {
    const ProfileFile = await fileOf(text, 'temporal.toml');
    expect(() => read({ ProfileFile, ...settings })).toThrow(sentence);
    expect(() => read({ ProfileFile, ...settings })).toThrow(new RegExp(`^${KEY}\\.ProfileFile: `));
  });
});

/** An arbitrary key, which is only read here. */
function authority(): Promise<string> {
  return fileOf(rootCertificates[0] ?? '');
}
