import { Injectable } from '@nestjs/common';
import { readAuthorities } from '../../contract/config/authority-file.js';
import type { Config } from '../../contract/config/schema.js';
import { InjectConfig } from '../process/config.js';

/** Where machines reach the api that are to become nodes, and whose certificates they have to accept there. */
@Injectable()
export class PublicAddress {
  private readonly configured: string | undefined;
  /** PEM; undefined: those that a machine knows already. */
  readonly authorities: string | undefined;

  /** @throws Error where Orchestrator.API.PublicCAFile is none */
  constructor(@InjectConfig() { Orchestrator }: Config) {
    const { PublicURL, PublicCAFile } = Orchestrator.API;
    this.configured = PublicURL;
    try {
      this.authorities = PublicCAFile === undefined ? undefined : `${readAuthorities(PublicCAFile).join('\n')}\n`;
    } catch (error) {
      throw new Error(`Orchestrator.API.PublicCAFile: ${(error as Error).message}`, { cause: error });
    }
  }

  /** @param asked the origin that a request came to: what its sender says, and believed only where nothing is configured */
  origin(asked: string): string {
    return this.configured ?? asked;
  }
}
