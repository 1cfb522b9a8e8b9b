import { Injectable } from '@nestjs/common';
import { readAuthorities } from '../../contract/config/authority-file.js';
import type { Config } from '../../contract/config/schema.js';
import { InjectConfig } from '../process/config.js';

/** The api's public address for new nodes, and the certificate authorities to trust there. */
@Injectable()
export class PublicAddress {
  private readonly configured: string | undefined;
  /** PEM; undefined for the machine's own certificate authorities. */
  readonly authorities: string | undefined;

  /** @throws Error where Orchestrator.API.PublicCAFile is invalid */
  constructor(@InjectConfig() { Orchestrator }: Config) {
    const { PublicURL, PublicCAFile } = Orchestrator.API;
    this.configured = PublicURL;
    try {
      this.authorities = PublicCAFile === undefined ? undefined : `${readAuthorities(PublicCAFile).join('\n')}\n`;
    } catch (error) {
      throw new Error(`Orchestrator.API.PublicCAFile: ${(error as Error).message}`, { cause: error });
    }
  }

  /** @param asked the origin of the request, which its sender chooses; used only where none is configured */
  origin(asked: string): string {
    return this.configured ?? asked;
  }
}
