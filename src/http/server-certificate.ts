import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { Logger } from 'pino';
import { ConfigError } from '../../contract/config/config-error.js';

/** Where the api's certificate and its key are. */
export interface CertificateFiles {
  CertFile: string;
  KeyFile: string;
}

const KEYS = { CertFile: 'Orchestrator.API.TLS.CertFile', KeyFile: 'Orchestrator.API.TLS.KeyFile' } as const;
/** Watched by looking, since what renews certificates replaces links and folders; in milliseconds. */
const LOOK_EVERY_MS = 10_000;

/**
 * Certificate and key as a server takes them. Nothing older than TLS 1.2 is spoken.
 * @throws ConfigError where a file cannot be read, is not what it should be, or the two do not belong together
 */
export function readCertificate(files: CertificateFiles): SecureContextOptions {
  const [cert, key] = [textOf(files, 'CertFile'), textOf(files, 'KeyFile')];
  const certificate = parsed(files, 'CertFile', 'certificate', () => new X509Certificate(cert));
  const privateKey = parsed<KeyObject>(files, 'KeyFile', 'private key without a passphrase', () =>
    createPrivateKey(key),
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ConfigError(
      `${KEYS.KeyFile}: the key in ${files.KeyFile} does not belong to the certificate in ${files.CertFile}; name the pair that was made together`,
      KEYS.KeyFile,
    );
  }
  return { cert, key, minVersion: 'TLSv1.2' };
}

/**
 * Takes up a renewed certificate without a restart: at SIGHUP, and when a file has changed. What cannot be used is logged, and the
 * server goes on with what it has.
 * @returns stops doing so
 */
export function renewCertificate(server: Server, files: CertificateFiles, log: Logger): () => void {
  const renew = () => {
    try {
      server.setSecureContext(readCertificate(files));
      log.info('the certificate was read anew');
    } catch (error) {
      log.error(`the certificate was not renewed: ${(error as Error).message}`);
    }
  };
  const changed = (now: { mtimeMs: number }, before: { mtimeMs: number }) => {
    if (now.mtimeMs !== before.mtimeMs) renew();
  };
  const paths = [files.CertFile, files.KeyFile];
  for (const path of paths) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, changed);
  process.on('SIGHUP', renew);
  return () => {
    for (const path of paths) unwatchFile(path, changed);
    process.off('SIGHUP', renew);
  };
}

function textOf(files: CertificateFiles, name: keyof CertificateFiles): string {
  try {
    return readFileSync(files[name], 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'this user may not read it' : String(code);
    throw new ConfigError(`${KEYS[name]}: ${files[name]} cannot be read: ${why}`, KEYS[name]);
  }
}

function parsed<Thing>(files: CertificateFiles, name: keyof CertificateFiles, what: string, parse: () => Thing): Thing {
  try {
    return parse();
  } catch {
    throw new ConfigError(`${KEYS[name]}: ${files[name]} holds no ${what} in PEM form`, KEYS[name]);
  }
}
