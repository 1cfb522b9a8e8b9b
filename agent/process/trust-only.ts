import { setDefaultCACertificates } from 'node:tls';
import { readAuthorities } from '../../contract/config/authority-file.js';
import { EXIT, FatalError } from './exit-codes.js';

/**
 * Makes this process accept certificates of these authorities and no others.
 * @param caFile absent to trust those that the system knows
 * @throws FatalError if the file holds none
 */
export function trustOrchestrators(caFile: string | undefined): void {
  if (caFile === undefined) return;
  try {
    setDefaultCACertificates(readAuthorities(caFile));
  } catch (error) {
    throw new FatalError(`Compute.TLS.CAFile: ${(error as Error).message}`, EXIT.misconfigured);
  }
}
