import { describe, expect, test } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import {
  createApiToken,
  createNode,
  listNodes,
  regenerateBootstrapToken,
  revokeApiToken,
} from '../../../client/index.js';
import { API_CONTROLLERS } from '../../../src/api.controllers.js';
import { ACCESS } from '../../../src/auth/access.decorators.js';
import { eventually } from '../../support/eventually.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { type ApiUnderTest, useApi } from '../../support/api/api-under-test.js';
import { silentLifecycle } from '../../support/api/silent-lifecycle.js';

/** A route whose author forgot to declare who may call it. */
@Controller('undeclared')
class UndeclaredController {
  @Get()
  read(): string {
    return 'nobody should read this';
  }
}

@Module({ imports: [silentLifecycle], controllers: [UndeclaredController] })
class WithUndeclaredRoute {}

const api = useApi({ temporal: () => ({ module: WithUndeclaredRoute }) });
const tokenFor = async (role: 'viewer' | 'operator' | 'admin', name = `a-${role}`) => {
  const { data } = await createApiToken({ client: api.admin, body: { name, role } });
  if (!data) throw new Error('no token');
  return data;
};

describe('access', () => {
  test('every route declares who may call it', () => {
    const undeclared = API_CONTROLLERS.flatMap(({ name, prototype }) =>
      Object.entries(Object.getOwnPropertyDescriptors(prototype))
        .filter(
          ([method, { value }]) =>
            method !== 'constructor' && typeof value === 'function' && Reflect.hasMetadata('path', value),
        )
        .filter(([, { value }]) => !Reflect.hasMetadata(ACCESS, value))
        .map(([method]) => `${name}.${method}`),
    );
    expect(undeclared).toEqual([]);
  });

  test('a route without a declaration is closed, even to administrators', async () => {
    const response = await api.raw('/undeclared', { headers: { authorization: `Bearer ${api.adminToken}` } });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'FORBIDDEN',
      detail: expect.stringContaining('declares nobody'),
    });
  });

  test('a viewer reads, an operator decides, an admin creates tokens', async () => {
    const [viewer, operator] = await Promise.all([tokenFor('viewer'), tokenFor('operator')]);
    const status = async (
      token: string,
      act: (client: ReturnType<ApiUnderTest['as']>) => Promise<{ response?: Response }>,
    ) => (await act(api.as(token))).response?.status;
    expect(await status(viewer.token, (client) => listNodes({ client }))).toBe(200);
    expect(await status(viewer.token, (client) => createNode({ client, body: { name: 'by-viewer' } }))).toBe(403);
    expect(await status(operator.token, (client) => createNode({ client, body: { name: 'by-operator' } }))).toBe(201);
    expect(
      await status(operator.token, (client) => createApiToken({ client, body: { name: 'more', role: 'admin' } })),
    ).toBe(403);
    expect(
      await status(api.adminToken, (client) => createApiToken({ client, body: { name: 'more', role: 'admin' } })),
    ).toBe(201);
  });

  test('a revoked token is refused', async () => {
    const { token, apiToken } = await tokenFor('viewer', 'leaver');
    expect((await revokeApiToken({ client: api.admin, path: { id: apiToken.id } })).response?.status).toBe(204);
    expect((await listNodes({ client: api.as(token) })).error).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe("a node's credential", () => {
  test('an assertion is valid once, for one minute, for its own node and audience', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'asserting');
    const other = await new AgentUnderTest(api).join(api.joinToken, 'other');
    const now = Math.floor(Date.now() / 1_000);
    const assertion = await agent.assertion();
    expect((await agent.trade(assertion)).response?.status).toBe(200);
    const refused = [
      assertion,
      await agent.assertion({ aud: 'elsewhere' }),
      await agent.assertion({ iat: now, exp: now + 3_600 }),
      await agent.assertion({ iat: now - 300, exp: now - 240 }),
      await agent.assertion({ iat: now + 300, exp: now + 360 }),
      await agent.assertion({ sub: other.uid }),
      await agent.assertion({ sub: crypto.randomUUID() }),
      'no assertion at all',
    ];
    for (const one of refused) expect((await agent.trade(one)).error).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('regenerating a token ends the earlier credential at once, on this node only', async () => {
    const agent = await new AgentUnderTest(api).join(api.joinToken, 'leaked');
    const bystander = await new AgentUnderTest(api).join(api.joinToken, 'bystander');
    const { data } = await regenerateBootstrapToken({ client: api.admin, path: { id: 'leaked' } });
    await eventually(async () => expect((await agent.beat()).error).toMatchObject({ code: 'UNAUTHENTICATED' }));
    expect((await agent.trade(await agent.assertion())).error).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect((await bystander.beat()).response?.status).toBe(200);
    const again = await new AgentUnderTest(api).join(data?.bootstrapToken ?? '');
    expect(again.uid).toBe(agent.uid);
    expect((await again.beat()).response?.status).toBe(200);
    await eventually(async () => expect((await agent.beat()).error).toMatchObject({ code: 'UNAUTHENTICATED' }));
  });
});
