import { describe, expect, test } from '@jest/globals';
import { freshDatabase, startApi, type ApiUnderTest, useApi } from '../../support/api/api-under-test.js';

const api = useApi();

describe('headers tell browsers', () => {
  test.each(['/livez', '/v1/nodes', '/nothing', '/docs', '/openapi.json'])(
    "to run only the page's own scripts, and not to frame %s elsewhere",
    async (path) => {
      const { headers } = await api.raw(path);
      const policy = new Map(
        (headers.get('content-security-policy') ?? '')
          .split(';')
          .map((directive) => [directive.split(' ', 1)[0] ?? '', directive.split(' ').slice(1).join(' ')]),
      );
      expect(Object.fromEntries(policy)).toMatchObject({
        'default-src': "'none'",
        'script-src': "'self'",
        'connect-src': "'self'",
        'frame-ancestors': "'none'",
        'base-uri': "'none'",
        'form-action': "'self'",
      });
      expect([...policy.values()].join(' ')).not.toContain('unsafe-eval');
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
    },
  );

  test('nothing about TLS without TLS', async () => {
    expect((await api.raw('/livez')).headers.get('strict-transport-security')).toBeNull();
  });
});

test('a policy that the page at /docs complies with', async () => {
  const page = await (await api.raw('/docs')).text();
  const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
  expect(scripts.length).toBeGreaterThan(0);
  for (const [, attributes = '', inline = ''] of scripts) {
    expect(inline.trim()).toBe('');
    expect(/src="(?!https?:|\/\/)/.test(attributes)).toBe(true);
  }
  expect(page).not.toMatch(/\son[a-z]+="/);
});

test('nothing from forwarded headers of an unknown proxy', async () => {
  const forwarded = {
    'x-forwarded-for': '203.0.113.9',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
  };
  const from = async (name: string, under: ApiUnderTest) => {
    const headers = { authorization: `Bearer ${under.adminToken}`, 'content-type': 'application/json', ...forwarded };
    const made = await under.raw('/v1/nodes', { method: 'POST', body: JSON.stringify({ name }), headers });
    const { install } = (await made.json()) as { install: { command: string } };
    const events = (await (
      await under.raw(`/v1/nodes/${name}/events`, { headers: { authorization: `Bearer ${under.adminToken}` } })
    ).json()) as { items: { from: string }[] };
    return {
      from: events.items[0]?.from,
      hsts: made.headers.get('strict-transport-security'),
      toldOther: install.command.includes('evil.example'),
    };
  };
  expect(await from('direct', api)).toEqual({ from: '127.0.0.1', hsts: null, toldOther: false });

  const behind = await startApi({
    mongoUri: freshDatabase(api.mongoUri),
    settings: { 'Orchestrator.API.TrustedProxies': '10.0.0.0/8,127.0.0.1' },
  });
  expect(await from('proxied', behind)).toEqual({ from: '203.0.113.9', hsts: 'max-age=31536000', toldOther: true });
  await behind.close();

  const elsewhere = await startApi({
    mongoUri: freshDatabase(api.mongoUri),
    settings: { 'Orchestrator.API.TrustedProxies': '10.0.0.0/8' },
  });
  expect(await from('other', elsewhere)).toEqual({ from: '127.0.0.1', hsts: null, toldOther: false });
  await elsewhere.close();
});
