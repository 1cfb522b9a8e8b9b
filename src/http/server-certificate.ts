import type { Server } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import { followFiles } from '../process/follow-files.js';
import { readKeyPair, type KeyPairFiles } from '../process/pem-files.js';

/**
 * Reads certificate and key for a server with TLS 1.2 or later.
 * @throws ConfigError where a file cannot be read or is invalid, or the two do not match
 */
export function readCertificate(files: KeyPairFiles): SecureContextOptions {
  return { ...readKeyPair('Orchestrator.API.TLS', files), minVersion: 'TLSv1.2' };
}

/**
 * Loads a renewed certificate without a restart: at SIGHUP, and when a file has changed. An invalid one is logged, and the current one stays in use.
 * @returns a function that stops this
 */
export function renewCertificate(server: Server, files: KeyPairFiles, log: Logger): () => void {
  return followFiles([files.CertFile, files.KeyFile], () => {
    try {
      server.setSecureContext(readCertificate(files));
      log.info('the certificate was read anew');
    } catch (error) {
      log.error(`the certificate was not renewed: ${(error as Error).message}`);
    }
  });
}
