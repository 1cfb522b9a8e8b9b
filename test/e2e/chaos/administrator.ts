import { setTimeout as pause } from 'node:timers/promises';
import { ADMIN_ACTIONS, type AdminAction } from '../../../contract/node-actions.js';
import { whyNot } from '../../../contract/transitions.js';
import type { Node } from '../../../contract/schemas/nodes.js';
import type { SeededRandom } from '../../support/seeded-random.js';
import type { Asked, Ledger } from './ledger.js';

const PATIENCE_MS = 12_000;
const TRIES = 6;
const MOST_PATIENT_MS = 3_000;
/** Actions of administrators, with their frequencies in percent. */
const REST_MS = [20, 400] as const;
const LIVE_SESSIONS = 12;

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

/** Decides at random about nodes, sets, sessions and tokens, like people and scripts, and records the answers. */
export class Administrator {
  #slots = 0;
  readonly #sets: string[] = [];
  readonly #tokens: { id: string; token: string }[] = [];

  /**
   * @param url returns the api's address for this administrator
   * @param spared nodes that are not removed, since their agents have to be there in the end
   */
  constructor(
    readonly name: string,
    private readonly url: string,
    private readonly token: string,
    private readonly random: SeededRandom,
    private readonly ledger: Ledger,
    private readonly spared: readonly string[],
  ) {}

  async work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      await this.#doSomething().catch(() => undefined);
      await pause(this.random.between(...REST_MS));
    }
  }

  /** Makes a decision about a node that allows it. */
  async decide(): Promise<Asked | undefined> {
    const nodes = await this.#someNodes();
    for (let look = 0; look < 10 && nodes.length > 0; look += 1) {
      const { id, type, phase, liveness, activeSessions } = nodes[this.random.between(0, nodes.length - 1)] as Node;
      const subject = { id, type, phase, liveness: liveness.value, activeSessions };
      const [first, ...others] = ADMIN_ACTIONS.filter(
        (action) => this.#mayTake(action, id) && whyNot(action, subject, { force: true }) === undefined,
      );
      if (first === undefined) continue;
      const action = this.random.pick([first, ...others]);
      const asked = this.ledger.ask(id, action);
      const answer = await this.#persist(asked.key, () => this.#decisionOf(asked, action), asked);
      if (!answer) return asked;
      asked.outcome = answer.status < 300 ? 'acknowledged' : 'refused';
      const node = answer.body['node'] as Node | undefined;
      if (node) Object.assign(asked, { uid: node.uid, seq: node.decision.seq });
      return asked;
    }
    return undefined;
  }

  #mayTake(action: AdminAction, id: string): boolean {
    if (this.spared.includes(id)) return action === 'activate' || action === 'deactivate';
    // A removal is final: if it were as likely as the rest, soon no nodes would be left.
    return action !== 'remove' && action !== 'decommission' ? true : this.random.next() < 0.06;
  }

  #decisionOf({ node, reason }: Asked, action: AdminAction): [string, string, unknown?] {
    if (action === 'remove') return ['DELETE', `/v1/nodes/${node}?force=true&reason=${encodeURIComponent(reason)}`];
    return ['POST', `/v1/nodes/${node}/${action}`, action === 'reject' ? { message: reason } : { reason }];
  }

  async #doSomething(): Promise<void> {
    const chance = this.random.next();
    if (chance < 0.8) await this.decide();
    else if (chance < 0.84) await this.#register();
    else if (chance < 0.88) await this.#drainSet();
    else if (chance < 0.92) await this.#changeSet();
    else if (chance < 0.96) await this.#session();
    else if (chance < 0.98) await this.#mintToken();
    else await this.#revokeToken();
  }

  async #register(): Promise<void> {
    const name = `slot-${this.name}-${++this.#slots % 5}`;
    await this.#persist(`${name}-${this.#slots}`, () => ['POST', '/v1/nodes', { name }]);
  }

  async #drainSet(): Promise<void> {
    const body = {
      labels: [`pool=${this.random.between(0, 3)}`],
      maxUnavailable: this.random.between(1, 3),
      reason: 'chaos set',
      deadline: '5s',
      onDeadline: 'terminate',
    };
    const answer = await this.#persist(`set-${this.name}-${this.random.next()}`, () => ['POST', '/v1/drains', body]);
    if (typeof answer?.body['id'] === 'string') this.#sets.push(answer.body['id']);
  }

  async #changeSet(): Promise<void> {
    const set = this.#sets[this.random.between(0, this.#sets.length - 1)];
    if (set !== undefined)
      await this.#persist(`${set}-${this.random.next()}`, () => [
        'POST',
        `/v1/drains/${set}/${this.random.pick(['pause', 'resume', 'cancel'])}`,
      ]);
  }

  async #session(): Promise<void> {
    const live = (await this.#ask('GET', `/v1/sessions?limit=${LIVE_SESSIONS}&state=RUNNING`))?.body['items'] as
      | { id: string }[]
      | undefined;
    const [first] = live ?? [];
    if (first && ((live?.length ?? 0) >= LIVE_SESSIONS || this.random.next() < 0.4))
      await this.#persist('', () => ['DELETE', `/v1/sessions/${first.id}`]);
    else
      await this.#persist(`session-${this.name}-${this.random.next()}`, () => [
        'POST',
        '/v1/sessions',
        { principal: this.name, sql: 'select count(*) from range(1000000)', labels: { real: 'yes' } },
      ]);
  }

  async #mintToken(): Promise<void> {
    const answer = await this.#persist(`token-${this.name}-${this.random.next()}`, () => [
      'POST',
      '/v1/api-tokens',
      { name: `${this.name}-${this.#tokens.length}`, role: 'viewer', expiresIn: '1h' },
    ]);
    const { id, token } = (answer?.body ?? {}) as { id?: string; token?: string };
    if (answer?.status === 201 && id !== undefined && token !== undefined) this.#tokens.push({ id, token });
  }

  async #revokeToken(): Promise<void> {
    const one = this.#tokens.pop();
    if (!one) return;
    const answer = await this.#persist('', () => ['DELETE', `/v1/api-tokens/${one.id}`]);
    if (answer && answer.status < 300) this.ledger.revokedTokens.push(one.token);
  }

  async #someNodes(): Promise<Node[]> {
    const answer = await this.#ask(
      'GET',
      `/v1/nodes?type=Compute&limit=200&sort=${this.random.pick(['id', '-id', '-createdAt'])}`,
    );
    return (answer?.body['items'] ?? []) as Node[];
  }

  /** Retries with the same key until there is an answer; undefined if there never was one. */
  async #persist(key: string, request: () => [string, string, unknown?], asked?: Asked): Promise<Answer | undefined> {
    const [method, path, body] = request();
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      if (asked) asked.tries += 1;
      const answer = await this.#ask(method, path, body, key);
      const isUnderWay = answer?.status === 409 && answer.body['code'] === 'IDEMPOTENCY_KEY_REUSED';
      // DELETE has no key: if a second one finds nothing, it is unknown whether the first succeeded.
      const isUnclear = method === 'DELETE' && attempt > 0 && answer?.status === 404;
      if (isUnclear) return undefined;
      if (answer && answer.status !== 503 && answer.status !== 429 && !isUnderWay) return answer;
      await pause(this.random.between(200, MOST_PATIENT_MS));
    }
    return undefined;
  }

  /** @returns undefined without an answer */
  async #ask(method: string, path: string, body?: unknown, key = ''): Promise<Answer | undefined> {
    const headers = {
      authorization: `Bearer ${this.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'POST' && key !== '' ? { 'idempotency-key': key } : {}),
    };
    let answer: Response;
    let text: string;
    try {
      answer = await fetch(`${this.url}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      text = await answer.text();
    } catch {
      this.ledger.count('none');
      return undefined;
    }
    const { status } = answer;
    this.ledger.count(String(status));
    const route = path.replace(/\?.*/, '');
    if (status >= 500 && status !== 503)
      this.ledger.seen.push(`${method} ${route} was answered with ${status}: ${text.slice(0, 300)}`);
    if ((status === 503 || status === 429) && !answer.headers.has('retry-after'))
      this.ledger.seen.push(`${method} ${route}: ${status} without Retry-After: ${text.slice(0, 200)}`);
    return { status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
  }
}
