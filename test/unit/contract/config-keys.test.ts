import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { settingsFrom } from '../../../agent/settings.js';
import { CONFIG_KEYS } from '../../../contract/config/config-keys.js';
import { loadConfig } from '../../../contract/config/load-config.js';
import { SECRET_KEYS, SECRET_PATHS } from '../../../contract/config/secret-keys.js';
import { settingsHelp } from '../../../contract/config/settings-help.js';

test('a key whose default is a number or a duration has a unit', () => {
  const unitless = CONFIG_KEYS.filter(
    ({ fallback, about }) => fallback !== undefined && /^\d/.test(fallback) && about.unit === undefined,
  );
  expect(unitless.map(({ path }) => path)).toEqual(['Orchestrator.API.Host']);
});

describe('--help', () => {
  test('has every key of its sections, its meaning, its default and its unit, in lines that a terminal shows completely', () => {
    const help = settingsHelp('Orchestrator', 'WebUI');
    for (const { path } of CONFIG_KEYS) expect(help.includes(`  ${path} `)).toBe(!path.startsWith('Compute.'));
    expect(help).toContain('[1024 MB]');
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(112);
  });

  test('marks what an agent follows at SIGHUP and what counts at joining', () => {
    const help = settingsHelp('Compute');
    expect(help).toMatch(/^\* Compute\.Auth\.Token /m);
    expect(help).toMatch(/^\+ Compute\.Name /m);
    expect(help).toMatch(/^ {2}Compute\.StateDir /m);
  });
});

/** A changed value of each key of the agent. */
const OTHER: Record<string, string> = {
  'Compute.Name': 'other',
  'Compute.Orchestrators': 'http://10.0.0.1:1',
  'Compute.StateDir': '/other',
  'Compute.Updates.Managed': 'true',
  'Compute.Updates.KeysFile': '/other.pem',
  'Compute.Updates.TrialTimeout': '5m',
  'Compute.Labels': 'a=b',
  'Compute.Auth.Token': 'rcj_other',
  'Compute.Auth.RotateAfter': '1d',
  'Compute.TLS.CAFile': '/other.pem',
  'Compute.Checks': 'disk',
  'Compute.DrainOnShutdown': '5m',
  'Compute.CloudNotices.Provider': 'aws',
  'Compute.CloudNotices.Address': 'http://127.0.0.1:1',
  'Compute.CloudNotices.Interval': '6s',
  'Compute.Heartbeat.Interval': '16s',
  'Compute.Heartbeat.InfoUpdateInterval': '2m',
  'Compute.Sessions.Engine': 'none',
  'Compute.Sessions.DuckDB.AllowExternal': 'true',
  'Compute.Addresses': '10.0.0.7',
  'Compute.Zone': 'hall-2',
  'Compute.InstanceId': 'blade-7',
  'Compute.Sessions.ResultRetention': '2d',
  'Compute.Sessions.EndpointPort': '1',
};

describe('a running agent follows the keys that say so, and no others', () => {
  const settings = (flags: Record<string, string>) =>
    settingsFrom(loadConfig({ flags: { 'Compute.Name': 'node', ...flags } }).Compute);

  test.each(CONFIG_KEYS.filter(({ path }) => path.startsWith('Compute.')))('$path', ({ path, about }) => {
    const other = OTHER[path];
    if (other === undefined) throw new Error(`what is another value of ${path}?`);
    const isFollowed = JSON.stringify(settings({ [path]: other })) !== JSON.stringify(settings({}));
    // Trusted authorities are no setting of the agent's: agent/reload.ts passes them to the connections.
    expect(path === 'Compute.TLS.CAFile' || isFollowed).toBe(about.followed !== undefined);
  });
});

describe('secrets', () => {
  test('are the keys with credentials', () => {
    expect([...SECRET_KEYS].toSorted()).toEqual(['Compute.Auth.Token', 'Orchestrator.MongoDB.URI']);
  });

  test.each([
    ['the configuration', (config: object) => config],
    ['an object that holds it', (config: object) => ({ config })],
    ['a section of it', (config: object) => Object.values(config)[0] as object],
  ])('are redacted when somebody logs %s', (_, logged) => {
    for (const path of SECRET_KEYS) {
      const value = path.endsWith('URI') ? 'mongodb://u:hush-hush@h' : 'rcj_hush-hush';
      const config = path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
      let written = '';
      pino({ redact: [...SECRET_PATHS] }, { write: (line) => void (written += line) }).info(logged(config));
      expect(written).toContain('[Redacted]');
      expect(written).not.toContain('hush-hush');
    }
  });

  test.each(['Compute.Auth.Token', 'Orchestrator.MongoDB.URI'])(
    '%s is not repeated by the error that refuses it',
    (path) => {
      expect(() => loadConfig({ flags: { [path]: 'hush hush' } })).toThrow(/^(?!.*hush)/);
    },
  );
});
