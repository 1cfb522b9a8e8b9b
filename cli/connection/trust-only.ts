import { setDefaultCACertificates } from 'node:tls';
import { readAuthorities } from '../../contract/config/authority-file.js';
import { CliFailure, EXIT_CODE } from '../process/cli-failure.js';

/**
 * Makes this process accept certificates of these authorities and no others.
 * @throws CliFailure (usage) if the file holds none
 */
export function trustServers(caFile: string): void {
  try {
    setDefaultCACertificates(readAuthorities(caFile));
  } catch (error) {
    throw new CliFailure(
      EXIT_CODE.usage,
      'USAGE',
      `the CA file ${(error as Error).message}`,
      'Check --ca-file, ROLLCALL_CA_FILE or caFile in the context file',
      { cause: error },
    );
  }
}
