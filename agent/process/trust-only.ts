import { setDefaultCACertificates } from 'node:tls';
import { readAuthorities } from '../../contract/config/authority-file.js';
import { EXIT, FatalError } from './exit-codes.js';

/**
 * From now on this process accepts certificates of these authorities and of no others.
 * @param caFile absent: of those that the system knows
 * @throws FatalError where the file is none
 */
export function trustOrchestrators(caFile: string | undefined): void {
  if (caFile === undefined) return;
  try {
    setDefaultCACertificates(readAuthorities(caFile));
  } catch (error) {
    throw new FatalError(`Compute.TLS.CAFile: ${(error as Error).message}`, EXIT.misconfigured);
  }
}
