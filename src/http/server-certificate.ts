import type { Server } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import { followFiles } from '../process/follow-files.js';
import { readKeyPair, type KeyPairFiles } from '../process/pem-files.js';

/**
 * Certificate and key as a server takes them. Nothing older than TLS 1.2 is spoken.
 * @throws ConfigError where a file cannot be read, is not what it should be, or the two do not belong together
 */
export function readCertificate(files: KeyPairFiles): SecureContextOptions {
  return { ...readKeyPair('Orchestrator.API.TLS', files), minVersion: 'TLSv1.2' };
}

/**
 * Takes up a renewed certificate without a restart: at SIGHUP, and when a file has changed. What cannot be used is logged, and the
 * server goes on with what it has.
 * @returns stops doing so
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
