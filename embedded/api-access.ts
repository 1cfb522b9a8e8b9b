import type { Readiness } from '../contract/schemas/health.js';

/** What the supervisor needs to know of a node. */
export interface NodeStatus {
  approval: { value: string };
  status: string;
  lastHeartbeat: string | null;
}

/** The supervisor's few requests to the api, as the administrator. */
export class ApiAccess {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  /** Whether the api answers at all. */
  async isAlive(): Promise<boolean> {
    return (await fetch(`${this.url}/livez`, { signal: AbortSignal.timeout(10_000) })).ok;
  }

  /** Whether the api and the servers behind it are ready. */
  async isReady(): Promise<boolean> {
    const { ready, temporal } = await this.#readiness();
    return ready && temporal.ok;
  }

  /** Which server the api cannot reach, and why; undefined if it does not answer or reaches all. */
  async whatIsMissing(): Promise<string | undefined> {
    const readiness = await this.#readiness().catch(() => undefined);
    if (!readiness) return undefined;
    const { heartbeats, mongodb, temporal } = readiness;
    if (!mongodb.ok)
      return `MongoDB does not answer (${mongodb.detail}): start it, or correct Orchestrator.MongoDB.URI.`;
    if (!temporal.ok)
      return `Temporal does not answer (${temporal.detail}): start it, or correct Orchestrator.Temporal.Address.`;
    return heartbeats.ok ? undefined : 'MongoDB answers, but takes no writes: its log says why.';
  }

  /** Whether it accepts the administrator's token, which it stores soon after its start. */
  async knowsAdministrator(): Promise<boolean> {
    return (await this.#send('GET', '/v1/nodes?limit=1')).ok;
  }

  /** A token with which this many agents can join within the hour. */
  async joinToken(maxUses: number): Promise<string> {
    const body = { description: 'agents of npm start', maxUses, expiresIn: '1h' };
    const { token } = (await this.#ask('POST', '/v1/join-tokens', body)) as { token: string };
    return token;
  }

  /** State of a node; undefined if there is none of that name. */
  async node(id: string): Promise<NodeStatus | undefined> {
    return (await this.#ask('GET', `/v1/nodes/${id}`)) as NodeStatus | undefined;
  }

  async #ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#send(method, path, body);
    if (response.status === 404) return undefined;
    const answer: unknown = await response.json();
    if (!response.ok)
      throw new Error(`${method} ${path} was answered with ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async #readiness(): Promise<Readiness> {
    const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return (await response.json()) as Readiness;
  }

  #send(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
  }
}
