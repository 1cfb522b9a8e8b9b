import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { Config } from '../../contract/config/schema.js';
import { SYSTEM } from '../../contract/states.js';
import { Clock } from '../clock.js';
import { InjectConfig } from '../config.js';
import { ApiTokenStore } from './api-token-store.js';
import { parseToken, type ParsedToken, type TokenPrefix } from './secret-token.js';
import { TokenStore } from './token-store.js';

const FIRST_ADMINISTRATOR = 'admin';
const YEAR_MS = 365 * 86_400_000;
const MANY_USES = 1_000_000;
const RETRY_MS = 1_000;

/**
 * Tokens that an installation brings in files: the first administrator's, and one that its own agents join with. Their
 * hashes are stored at start where they are not yet known; a token that was revoked stays revoked.
 */
@Injectable()
export class TokenFiles implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(TokenFiles.name);
  private readonly stopping = new AbortController();
  private readonly files: Config['Orchestrator']['Auth'];
  private storing: Promise<void> | undefined;

  constructor(
    private readonly apiTokens: ApiTokenStore,
    private readonly tokens: TokenStore,
    private readonly clock: Clock,
    @InjectConfig() { Orchestrator }: Config,
  ) {
    this.files = Orchestrator.Auth;
  }

  onApplicationBootstrap(): void {
    this.storing = this.storeAll();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.storing;
  }

  private async storeAll(): Promise<void> {
    await Promise.all([
      this.store('Orchestrator.Auth.AdminTokenFile', this.files.AdminTokenFile, 'rca', (token) => this.storeAdministrator(token)),
      this.store('Orchestrator.Auth.JoinTokenFile', this.files.JoinTokenFile, 'rcj', (token) => this.storeJoinToken(token)),
    ]);
  }

  /** Waits for MongoDB for as long as it takes; a file that holds no token is said once, and nobody gets in by it. */
  private async store(key: string, path: string | undefined, prefix: TokenPrefix, write: (token: ParsedToken) => Promise<void>): Promise<void> {
    if (path === undefined) return;
    const token = await readToken(path, prefix).catch((error: Error) => this.logger.error({ msg: `${key}: ${error.message}`, path }));
    if (!token) return;
    while (!this.stopping.signal.aborted) {
      try {
        return await write(token);
      } catch (error) {
        this.logger.debug({ msg: `the token of ${key} is not stored yet`, reason: (error as Error).message });
        await sleep(RETRY_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      }
    }
  }

  private async storeAdministrator({ id, secretHash }: ParsedToken): Promise<void> {
    const createdAt = this.clock.now();
    await this.apiTokens.create({ id, secretHash, name: FIRST_ADMINISTRATOR, role: 'admin', createdAt, createdBy: SYSTEM, expiresAt: null, revokedAt: null });
  }

  private async storeJoinToken({ id, secretHash }: ParsedToken): Promise<void> {
    const createdAt = this.clock.now();
    await this.tokens.create({
      id,
      kind: 'join',
      secretHash,
      description: 'came with the installation',
      uses: 0,
      maxUses: MANY_USES,
      expiresAt: createdAt + 10 * YEAR_MS,
      labels: {},
      autoApprove: null,
      nodeUid: null,
      createdAt,
      createdBy: SYSTEM,
      revokedAt: null,
    });
  }
}

async function readToken(path: string, prefix: TokenPrefix): Promise<ParsedToken> {
  const token = parseToken((await readFile(path, 'utf8')).trim());
  if (token?.prefix !== prefix) throw new Error(`the file holds no token that begins with ${prefix}_`);
  return token;
}
