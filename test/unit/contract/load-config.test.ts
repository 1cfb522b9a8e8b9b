import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../contract/config/config-error.js';
import { configFromArgv } from '../../../contract/config/config-from-argv.js';
import { loadConfig, type ConfigSources } from '../../../contract/config/load-config.js';

const yaml = (text: string): ConfigSources => ({ file: { path: 'config.yaml', text } });

function fault(sources: ConfigSources): ConfigError {
  try {
    loadConfig(sources);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('defaults', () => {
  test('are those of the design', () => {
    const config = loadConfig({});
    expect(config.Compute.Heartbeat).toEqual({ Interval: 15_000, InfoUpdateInterval: 60_000 });
    expect(config.Orchestrator.NodeManager).toMatchObject({
      DisconnectTimeout: 60_000,
      UnknownTimeout: 300_000,
      ManualApproval: false,
      RemoveAfter: 0,
    });
    expect(config.Orchestrator.API).toMatchObject({ Host: '127.0.0.1', Port: 8480 });
  });

  test('apply if a section is empty or commented out', () => {
    expect(loadConfig(yaml('Orchestrator:\n  # NodeManager:\n'))).toEqual(loadConfig({}));
    expect(loadConfig(yaml(''))).toEqual(loadConfig({}));
  });
});

describe('precedence', () => {
  const file = yaml('Orchestrator: {API: {Port: 1001, Host: file}, NodeManager: {ManualApproval: true}}').file;

  test('flag over environment over file over default', () => {
    const env = { ORCHESTRATOR__API__PORT: '1002', ORCHESTRATOR__API__HOST: 'env' };
    const config = loadConfig({ file, env, flags: { 'Orchestrator.API.Port': '1003' } });
    expect(config.Orchestrator.API).toMatchObject({ Host: 'env', Port: 1003 });
    expect(config.Orchestrator.NodeManager.ManualApproval).toBe(true);
  });

  test('environment names match in any letter case; empty and foreign ones are ignored', () => {
    const env = {
      orchestrator__NodeManager__DisconnectTimeout: '90s',
      COMPUTE__AUTH__TOKEN: '',
      COMPUTE: 'x',
      PATH: '/bin',
    };
    const config = loadConfig({ env });
    expect(config.Orchestrator.NodeManager.DisconnectTimeout).toBe(90_000);
    expect(config.Compute.Auth.Token).toBeUndefined();
  });

  test('lists are replaced whole, labels one by one', () => {
    const config = loadConfig({
      ...yaml('Compute: {Orchestrators: ["http://a:1"], Labels: {zone: eu, pool: a}}'),
      env: { COMPUTE__ORCHESTRATORS: 'http://b:1, http://c:1', COMPUTE__LABELS__pool: 'b' },
      flags: { 'Compute.Labels': 'rack=7,row=x=y' },
    });
    expect(config.Compute.Orchestrators).toEqual(['http://b:1', 'http://c:1']);
    expect(config.Compute.Labels).toEqual({ zone: 'eu', pool: 'b', rack: '7', row: 'x=y' });
  });
});

describe('an unknown key', () => {
  test.each([
    [
      'Orchestrator: {NodeManager: {DisconectTimeout: 1m}}',
      'Orchestrator.NodeManager.DisconectTimeout',
      'Orchestrator.NodeManager.DisconnectTimeout',
    ],
    ['Orchestrator: {NodeManger: {ManualApproval: true}}', 'Orchestrator.NodeManger', 'Orchestrator.NodeManager'],
    [
      'Orchestrator: {DisconnectTimeout: 1m}',
      'Orchestrator.DisconnectTimeout',
      'Orchestrator.NodeManager.DisconnectTimeout',
    ],
    ['orchestrator: {}', 'orchestrator', 'Orchestrator'],
    [
      'Compute: {Heartbeat: {Interval: 15s, Intervall: 1s}}',
      'Compute.Heartbeat.Intervall',
      'Compute.Heartbeat.Interval',
    ],
    ['__proto__: {x: 1}', '__proto__', undefined],
  ])('in %s is named with its path, its file and the nearest known key', (text, key, near) => {
    const error = fault(yaml(text));
    expect(error.key).toBe(key);
    expect(error.message).toContain(`${key} in config.yaml is no configuration key; did you mean ${near ?? ''}`);
  });

  test('in the environment or a flag is named with its source', () => {
    expect(fault({ env: { ORCHESTRATOR__NODEMANAGER__MANUALAPROVAL: 'true' } }).message).toBe(
      'Orchestrator.NodeManager.MANUALAPROVAL in environment variable ORCHESTRATOR__NODEMANAGER__MANUALAPROVAL is no configuration key; did you mean Orchestrator.NodeManager.ManualApproval?',
    );
    expect(fault({ flags: { 'WebUI.Poll': '1s' } }).message).toContain('WebUI.Poll in --set WebUI.Poll');
    expect(fault({ flags: { 'Compute.Heartbeat': '1s' } }).message).toContain(
      'it is a section; set one of its keys: Interval, InfoUpdateInterval',
    );
    expect(fault({ env: { COMPUTE__LABELS: 'pool' } }).message).toBe(
      'environment variable COMPUTE__LABELS cannot be "pool": write it as name=value,name=value',
    );
  });
});

test('is not what follows a copied token, such as line breaks of another system', () => {
  expect(loadConfig({ env: { COMPUTE__AUTH__TOKEN: 'rcj_secret\r\n' } }).Compute.Auth.Token).toBe('rcj_secret');
});

test('aliases are resolved', () => {
  expect(loadConfig(yaml('Compute: {Labels: {a: &pool gpu, b: *pool}}')).Compute.Labels).toEqual({
    a: 'gpu',
    b: 'gpu',
  });
});

test("~ in a path is the user's home", () => {
  const { Compute } = loadConfig(yaml('Compute: {StateDir: ~/agent, TLS: {CAFile: ~/ca.pem}}'));
  expect(Compute).toMatchObject({ StateDir: join(homedir(), 'agent'), TLS: { CAFile: join(homedir(), 'ca.pem') } });
});

describe('a wrong value', () => {
  test.each([
    [
      'Compute: {Heartbeat: {Interval: 15}}',
      'Compute.Heartbeat.Interval in config.yaml cannot be 15: a duration is written as 15s, 1m or 1h30m',
    ],
    [
      'Compute: {Heartbeat: {Interval: soon}}',
      'Compute.Heartbeat.Interval in config.yaml cannot be "soon": a duration is written as 15s, 1m or 1h30m',
    ],
    [
      'Compute: {Heartbeat: {Interval: 1ms}}',
      'Compute.Heartbeat.Interval in config.yaml cannot be "1ms": it must be from 100ms to 1h',
    ],
    [
      'Orchestrator: {NodeManager: {ManualApproval: maybe}}',
      'Orchestrator.NodeManager.ManualApproval in config.yaml cannot be "maybe": it must be true or false',
    ],
    [
      'Orchestrator: {API: {Port: 70000}}',
      'Orchestrator.API.Port in config.yaml cannot be 70000: expected number to be <=65535',
    ],
    [
      'Orchestrator: {API: {Port: true}}',
      'Orchestrator.API.Port in config.yaml cannot be true: expected number, received boolean',
    ],
    [
      'Orchestrator: {API: {Port: eighty}}',
      'Orchestrator.API.Port in config.yaml cannot be "eighty": expected number, received string',
    ],
    ['Compute: {Orchestrators: ["ftp://x"]}', 'Compute.Orchestrators in config.yaml cannot be ["ftp://x"]: '],
    [
      'Orchestrator: 5',
      'Orchestrator in config.yaml cannot be 5: it is a section with keys of its own (Name, NodeManager, API, Sessions, Temporal, Worker, MongoDB, AgentUpdates, Retention, Audit, Alerts, Webhooks, Auth)',
    ],
    [
      'just words',
      'config.yaml cannot be "just words": it is a section with keys of its own (Orchestrator, Compute, WebUI)',
    ],
    [
      'Compute:\n  Labels: {pool: *gpu}',
      'config.yaml is no valid YAML: pool at line 2 begins with * and names nothing; put it in quotes: "*gpu"',
    ],
    [
      'Compute:\n  Auth:\n    Token: *token',
      'config.yaml is no valid YAML: Token at line 3 begins with * and names nothing; put it in quotes: "*token"',
    ],
    [
      'Compute: {Labels: [*a]}',
      'config.yaml is no valid YAML: Labels at line 1 begins with * and names nothing; put it in quotes: "*a"',
    ],
    [
      `a: &a [1]\nb: [${'*a,'.repeat(200)}]`,
      'config.yaml is no valid YAML: Excessive alias count indicates a resource exhaustion attack',
    ],
    ['Compute: {StateDir: !!binary "a"', 'config.yaml is no valid YAML: '],
    ['a: 1\na: 2', 'config.yaml is no valid YAML: Map keys must be unique'],
  ])('in %j is one sentence with the key and its possible values', (text, sentence) => {
    const { message } = fault(yaml(text));
    expect(message).toContain(sentence);
    expect(message).not.toContain('\n');
  });

  test('of a secret is not repeated', () => {
    expect(fault({ env: { ORCHESTRATOR__MONGODB__URI: 'http://root:hunter2@db' } }).message).toBe(
      'Orchestrator.MongoDB.URI in environment variable ORCHESTRATOR__MONGODB__URI cannot be what it is: a MongoDB URI begins with mongodb:// or mongodb+srv://',
    );
  });

  test.each([`"rcj_secret"`, `'rcj_secret'`, 'rcj secret', 'rcj_secret\u200b'])(
    'of a copied token with additional characters (%j) is reported, and not repeated',
    (token) => {
      const { message } = fault({ env: { COMPUTE__AUTH__TOKEN: token } });
      expect(message).toBe(
        'Compute.Auth.Token in environment variable COMPUTE__AUTH__TOKEN cannot be what it is: a token has no quotes, blanks or control characters',
      );
    },
  );

  test('0 is a duration in YAML too', () => {
    expect(loadConfig(yaml('Orchestrator: {NodeManager: {RemoveAfter: 0}}')).Orchestrator.NodeManager.RemoveAfter).toBe(
      0,
    );
  });
});

describe('the command line of a process', () => {
  const says = (argv: string[]) => {
    try {
      configFromArgv(argv, {});
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
    return undefined;
  };

  test('accepts --set, repeatedly', () => {
    const config = configFromArgv(['--set', 'Orchestrator.API.Port=1', '--set=Orchestrator.API.Host=::1'], {});
    expect(config.Orchestrator.API).toMatchObject({ Host: '::1', Port: 1 });
  });

  test('refuses an unknown option, a --set without value, a missing file', () => {
    expect(says(['--port', '1'])).toBe(
      "Unknown option '--port'; the options are --config FILE and --set Dotted.Key=value",
    );
    expect(says(['--set', 'Orchestrator.API.Port'])).toContain('has no value');
    expect(says(['--config', '/nowhere/config.yaml'])).toBe(
      'The configuration file /nowhere/config.yaml cannot be read: there is no such file',
    );
  });
});
