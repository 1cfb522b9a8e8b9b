import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { SYSTEM } from '../../contract/states.js';
import { Clock } from '../mechanics/clock.js';
import { inTime } from '../mechanics/in-time.js';
import { InjectConfig } from '../process/config.js';
import { STOP_WAITS_MS } from '../mechanics/stop-waits.js';
import { EventStore } from '../record/event-store.js';
import { tokenEvent } from '../record/node-event.js';
import { ProblemError } from '../http/problem-error.js';
import { UnitOfWork } from '../record/unit-of-work.js';
import { ApiTokenStore, TokenNameTaken } from './api-token-store.js';
import { parseToken, type ParsedToken, type TokenPrefix } from './secret-token.js';
import { TokenStore, type TokenRecord } from './token-store.js';

const FIRST_ADMINISTRATOR = 'admin';
const ORIGIN = 'came with the installation';
const INSTALLATION = { by: SYSTEM, from: null };
const YEAR_MS = 365 * 86_400_000;
const MANY_USES = 1_000_000;
const RETRY_MS = 1_000;

/**
 * Tokens that an installation brings in files: the first administrator's, and one that its own agents join with. Their
 * hashes are stored at start where they are not yet known; a token that was revoked stays revoked.
 */
@Injectable()
export class TokenFiles implements OnModuleInit, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(TokenFiles.name);
  private readonly stopping = new AbortController();
  private readonly files: Config['Orchestrator']['Auth'];
  private administrator: ParsedToken | undefined;
  private join: ParsedToken | undefined;
  /** Ids of tokens that are good and that the record may not know yet. */
  private readonly unstored = new Set<string>();
  private storing: Promise<void> | undefined;

  constructor(
    private readonly apiTokens: ApiTokenStore,
    private readonly tokens: TokenStore,
    private readonly events: EventStore,
    private readonly unit: UnitOfWork,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.files = Orchestrator.Auth;
  }

  /** Before the first request is taken, so that none can come too early to be told so. */
  async onModuleInit(): Promise<void> {
    this.administrator = await this.read('Orchestrator.Auth.AdminTokenFile', this.files.AdminTokenFile, 'rca');
    this.join = await this.read('Orchestrator.Auth.JoinTokenFile', this.files.JoinTokenFile, 'rcj');
  }

  onApplicationBootstrap(): void {
    this.storing = this.storeAll();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    if (this.storing) await inTime(this.storing, STOP_WAITS_MS.tokens, 'late').catch(() => undefined);
  }

  /**
   * A token that is about to be stored must not be called wrong: an agent would give up for good.
   * @throws ProblemError UNAVAILABLE while the token is not stored yet
   */
  assertStored(tokenId: string): void {
    if (!this.unstored.has(tokenId)) return;
    throw new ProblemError(
      {
        code: 'UNAVAILABLE',
        detail: 'the api has only just started and does not know its tokens yet',
        hint: 'Try again in a moment',
      },
      { 'retry-after': '1' },
    );
  }

  /** A file that holds no token is logged once and lets nobody in. */
  private async read(key: string, path: string | undefined, prefix: TokenPrefix): Promise<ParsedToken | undefined> {
    if (path === undefined) return undefined;
    try {
      const token = await readToken(path, prefix);
      this.unstored.add(token.id);
      return token;
    } catch (error) {
      this.logger.error({ msg: `${key}: ${(error as Error).message}`, path });
      return undefined;
    }
  }

  private async storeAll(): Promise<void> {
    await Promise.all([
      this.store(this.administrator, (token) => this.storeAdministrator(token)),
      this.store(this.join, (token) => this.storeJoinToken(token)),
    ]);
  }

  /** Waits for MongoDB for as long as it takes. */
  private async store(token: ParsedToken | undefined, write: (token: ParsedToken) => Promise<void>): Promise<void> {
    if (token === undefined) return;
    while (!this.stopping.signal.aborted) {
      try {
        await write(token);
        this.unstored.delete(token.id);
        return;
      } catch (error) {
        this.logger.debug({
          msg: 'a token that came with the installation is not stored yet',
          tokenId: token.id,
          reason: (error as Error).message,
        });
        await sleep(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  /** Where the file holds another token than before, and the earlier one still works, that one keeps the name. */
  private async storeAdministrator(token: ParsedToken): Promise<void> {
    await this.storeAdministratorAs(FIRST_ADMINISTRATOR, token).catch(async (error: unknown) => {
      if (!(error instanceof TokenNameTaken)) throw error;
      await this.storeAdministratorAs(`${FIRST_ADMINISTRATOR}-${token.id.slice(0, 8)}`, token);
    });
  }

  private async storeAdministratorAs(name: string, { id, secretHash }: ParsedToken): Promise<void> {
    const createdAt = this.clock.now();
    await this.unit.run(async () => {
      const made = await this.apiTokens.create({
        id,
        secretHash,
        name,
        role: 'admin',
        createdAt,
        createdBy: SYSTEM,
        expiresAt: null,
        lastUsedAt: null,
        revokedAt: null,
      });
      if (made === 'created')
        await this.events.append([
          tokenEvent(id, 'ApiTokenCreated', createdAt, INSTALLATION, `${name}, role admin, ${ORIGIN}`),
        ]);
    });
  }

  private async storeJoinToken({ id, secretHash }: ParsedToken): Promise<void> {
    const createdAt = this.clock.now();
    const token: TokenRecord = {
      id,
      kind: 'join',
      secretHash,
      description: ORIGIN,
      uses: 0,
      maxUses: MANY_USES,
      expiresAt: createdAt + 10 * YEAR_MS,
      labels: {},
      namePattern: null,
      autoApprove: null,
      removeAfterMs: null,
      nodeUid: null,
      createdAt,
      createdBy: SYSTEM,
      revokedAt: null,
    };
    await this.unit.run(async () => {
      if ((await this.tokens.create(token)) === 'created')
        await this.events.append([tokenEvent(id, 'JoinTokenCreated', createdAt, INSTALLATION, ORIGIN)]);
    });
  }
}

async function readToken(path: string, prefix: TokenPrefix): Promise<ParsedToken> {
  const token = parseToken((await readFile(path, 'utf8')).trim());
  if (token?.prefix !== prefix) throw new Error(`the file holds no token that begins with ${prefix}_`);
  return token;
}
