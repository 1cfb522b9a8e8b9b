import { beforeAll, describe, expect } from '@jest/globals';
import { fc, test } from '@fast-check/jest';
import type { z } from 'zod';
import { whyNoGrant } from '../../../contract/grants.js';
import {
  accessTokenRequestSchema,
  goodbyeRequestSchema,
  heartbeatRequestSchema,
  nodeInfoSchema,
  registerRequestSchema,
} from '../../../contract/schemas/agents.js';
import { loginRequestSchema } from '../../../contract/schemas/login.js';
import {
  decisionRequestSchema,
  drainRequestSchema,
  rejectRequestSchema,
} from '../../../contract/schemas/node-decisions.js';
import { createNodeRequestSchema, patchNodeRequestSchema } from '../../../contract/schemas/nodes.js';
import { problemSchema } from '../../../contract/schemas/problem.js';
import {
  createApiTokenRequestSchema,
  createBootstrapTokenRequestSchema,
  createJoinTokenRequestSchema,
} from '../../../contract/schemas/tokens.js';
import { arbitraryOf, mutated, mutations } from '../../support/arbitrary-of-schema.js';
import { AgentUnderTest } from '../../support/api/agent-under-test.js';
import { useApi } from '../../support/api/api-under-test.js';

/** All bodies that the api accepts, and where. Decisions are about a node that does not exist. */
const REQUESTS: {
  name: string;
  schema: z.ZodType;
  method: string;
  path: string;
  as: 'admin' | 'agent';
  /** Constraints that JSON Schema cannot express. */
  obeys?: (document: never) => boolean;
}[] = [
  { name: 'CreateNode', schema: createNodeRequestSchema, method: 'POST', path: '/v1/nodes', as: 'admin' },
  { name: 'PatchNode', schema: patchNodeRequestSchema, method: 'PATCH', path: '/v1/nodes/nobody', as: 'admin' },
  { name: 'Decision', schema: decisionRequestSchema, method: 'POST', path: '/v1/nodes/nobody/approve', as: 'admin' },
  { name: 'Reject', schema: rejectRequestSchema, method: 'POST', path: '/v1/nodes/nobody/reject', as: 'admin' },
  { name: 'Drain', schema: drainRequestSchema, method: 'POST', path: '/v1/nodes/nobody/deactivate', as: 'admin' },
  {
    name: 'CreateBootstrapToken',
    schema: createBootstrapTokenRequestSchema,
    method: 'POST',
    path: '/v1/nodes/nobody/bootstrap-token',
    as: 'admin',
  },
  {
    name: 'CreateJoinToken',
    schema: createJoinTokenRequestSchema,
    method: 'POST',
    path: '/v1/join-tokens',
    as: 'admin',
  },
  {
    name: 'CreateApiToken',
    schema: createApiTokenRequestSchema,
    method: 'POST',
    path: '/v1/api-tokens',
    as: 'admin',
    obeys: (request: Parameters<typeof whyNoGrant>[0]) => whyNoGrant(request) === undefined,
  },
  { name: 'Login', schema: loginRequestSchema, method: 'POST', path: '/v1/login', as: 'admin' },
  { name: 'Register', schema: registerRequestSchema, method: 'POST', path: '/v1/agent/register', as: 'agent' },
  { name: 'AccessToken', schema: accessTokenRequestSchema, method: 'POST', path: '/v1/agent/token', as: 'agent' },
  { name: 'Heartbeat', schema: heartbeatRequestSchema, method: 'POST', path: '/v1/agent/heartbeat', as: 'agent' },
  { name: 'NodeInfo', schema: nodeInfoSchema, method: 'PUT', path: '/v1/agent/info', as: 'agent' },
  { name: 'Goodbye', schema: goodbyeRequestSchema, method: 'POST', path: '/v1/agent/goodbye', as: 'agent' },
];

// A shorter interval lets each node send more; half of the requests have wrong credentials.
const api = useApi({
  settings: { 'Orchestrator.API.MaxWrongCredentialsPerSecond': '1000', 'Compute.Heartbeat.Interval': '100ms' },
});
let agentToken: string;

beforeAll(async () => {
  agentToken = await (await new AgentUnderTest(api).join(api.joinToken, 'prober')).authenticate();
});
describe.each(REQUESTS)('$name', ({ schema, method, path, as, obeys = () => true }) => {
  const documents = arbitraryOf(schema).filter((document) => obeys(document as never));

  async function send(document: unknown): Promise<Response> {
    const bearer = as === 'admin' ? api.adminToken : agentToken;
    return api.raw(path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(document),
    });
  }

  test.prop([documents], { numRuns: 50 })('is accepted if it fits its schema', (document) => {
    expect(schema.safeParse(document).error).toBeUndefined();
  });

  test.prop([documents, fc.string({ minLength: 1 }).filter((key) => key !== '__proto__')], { numRuns: 30 })(
    as === 'agent' ? 'is taken with a key that nobody knows, without it' : 'is refused with a key that nobody knows',
    (document, key) => {
      fc.pre(!(key in (document as object)));
      fc.pre(!Object.keys((schema as z.ZodObject).shape).includes(key));
      const known = schema.safeParse(document);
      const { success, data } = schema.safeParse({ ...(document as object), [key]: 1 });
      expect(success ? data : 'refused').toEqual(as === 'agent' ? known.data : 'refused');
    },
  );

  test.prop([documents, mutations], { numRuns: 25 })(
    'mutated, never causes an internal error, and is refused if its schema refuses it',
    async (document, mutation) => {
      const sent = mutated(document, mutation);
      const response = await send(sent);
      const text = await response.text();
      expect(response.status).toBeLessThan(500);
      if (response.status >= 400) expect(problemSchema.safeParse(JSON.parse(text)).error).toBeUndefined();
      if (response.status !== 429 && !schema.safeParse(sent).success) expect(response.status).toBe(400);
    },
  );

  test.prop([fc.jsonValue({ maxDepth: 3 })], { numRuns: 15 })(
    'replaced by any JSON, never causes an internal error',
    async (anything) => {
      expect((await send(anything)).status).toBeLessThan(500);
    },
  );
});
