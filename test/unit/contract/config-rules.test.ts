import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';

/** Dependencies between keys, with a configuration from flags only. */
const set = (flags: Record<string, string>) => loadConfig({ flags });

const OIDC = {
  'Orchestrator.Auth.OIDC.Issuer': 'https://login.example.org/',
  'Orchestrator.Auth.OIDC.Audience': 'rollcall',
  'Orchestrator.Auth.OIDC.RoleMapping.ops': 'operator',
};

describe('TLS', () => {
  test('needs certificate and key', () => {
    expect(
      set({ 'Orchestrator.API.TLS.CertFile': 'a.pem', 'Orchestrator.API.TLS.KeyFile': 'a.key' }).Orchestrator.API.TLS,
    ).toEqual({ CertFile: 'a.pem', KeyFile: 'a.key' });
    expect(set({}).Orchestrator.API.TLS).toEqual({});
    expect(() => set({ 'Orchestrator.API.TLS.CertFile': 'a.pem' })).toThrow(
      /KeyFile.*only CertFile is set, and TLS needs both/,
    );
    expect(() => set({ 'Orchestrator.API.TLS.KeyFile': 'a.key' })).toThrow(
      /CertFile.*only KeyFile is set, and TLS needs both/,
    );
  });
});

describe('tokens of an issuer', () => {
  test('are accepted if issuer, audience and roles are set', () => {
    expect(set(OIDC).Orchestrator.Auth.OIDC).toMatchObject({ Audience: 'rollcall', RoleMapping: { ops: 'operator' } });
    expect(set({}).Orchestrator.Auth.OIDC.Issuer).toBeUndefined();
  });

  test.each(['Orchestrator.Auth.OIDC.Audience', 'Orchestrator.Auth.OIDC.RoleMapping.ops'] as const)(
    'are refused without %s',
    (key) => {
      const { [key]: _without, ...rest } = OIDC;
      expect(() => set(rest)).toThrow(
        key.includes('Audience') ? /tokens that the issuer made for other programs/ : /nobody would have a role/,
      );
    },
  );

  test('give roles over a scope, and are refused with one sentence if the scope is invalid', () => {
    const mapped = (grant: string) => set({ ...OIDC, 'Orchestrator.Auth.OIDC.RoleMapping.gpu-ops': grant });
    expect(mapped('operator on pool=gpu,zone').Orchestrator.Auth.OIDC.RoleMapping).toMatchObject({
      'gpu-ops': 'operator on pool=gpu,zone',
    });
    for (const [grant, sentence] of [
      [
        'operator on pool=a,',
        /RoleMapping\.gpu-ops .*cannot be "operator on pool=a,": "" asks for no label: write it as key or key=value/,
      ],
      ['operator on pool=', undefined],
      ['operator on pool==gpu', /"pool==gpu" asks for no label/],
      [
        'operator over pool=gpu',
        /it must be viewer, operator or admin, or one over the nodes with these labels: operator on pool=gpu/,
      ],
      ['viewer on pool=gpu', /a viewer sees everything: a scope limits what operators and admins change/],
    ] as const)
      if (sentence === undefined) expect(() => mapped(grant)).not.toThrow();
      else expect(() => mapped(grant)).toThrow(sentence);
  });

  test('come over https, except from an issuer on this machine', () => {
    const from = (issuer: string) => () => set({ ...OIDC, 'Orchestrator.Auth.OIDC.Issuer': issuer });
    expect(from('http://login.example.org')).toThrow(/without https anyone on the way could sign as the issuer/);
    for (const local of ['http://localhost:9000', 'http://127.0.0.1:9000', 'http://[::1]:9000'])
      expect(from(local)).not.toThrow();
  });
});

describe('proxies', () => {
  test('are given by address or range', () => {
    const proxies = (text: string) => set({ 'Orchestrator.API.TrustedProxies': text }).Orchestrator.API.TrustedProxies;
    expect(proxies('10.0.0.1, fd00::/8')).toEqual(['10.0.0.1', 'fd00::/8']);
    expect(() => proxies('proxy.example.org')).toThrow(/an address such as 10.0.0.1, or a range such as 10.0.0.0\/8/);
  });
});

describe('the policy of checks', () => {
  const CONDITIONS = 'Orchestrator.NodeManager.Conditions';
  const conditions = (flags: Record<string, string>) => set(flags).Orchestrator.NodeManager.Conditions;

  test('is written as its name, or as a whole', () => {
    const byName = conditions({ [`${CONDITIONS}.Policies`]: 'disk=drain,load=note' });
    expect(byName).toMatchObject({
      Policies: { disk: { Policy: 'drain', OnDeadline: 'wait', ReturnAfter: 300_000 }, load: { Policy: 'note' } },
      Budget: '10%',
    });
    const whole = '{"Policy": "drain", "Deadline": "1h", "OnDeadline": "terminate"}';
    expect(conditions({ [`${CONDITIONS}.Policies.gpu`]: whole }).Policies).toMatchObject({
      gpu: { Deadline: 3_600_000, OnDeadline: 'terminate' },
    });
  });

  test.each([
    ['Policies.disk', 'reboot'],
    ['Policies.disk', '{"Policy": "drain"'],
    ['Policies.disk', '{"Policy": "note", "Deadline": "1h"}'],
    ['Policies.Disk', 'drain'],
    ['Budget', '0'],
    ['Budget', '0%'],
    ['Budget', '101%'],
    ['LabelBudgets.pool', 'some'],
  ])('is refused if %s is %s', (key, text) => {
    expect(() => conditions({ [`${CONDITIONS}.${key}`]: text })).toThrow(/Conditions/);
  });
});
