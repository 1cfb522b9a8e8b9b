import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readAuthorities } from '../../contract/config/authority-file.js';
import { ConfigError, whyUnreadable } from '../../contract/config/config-error.js';

/** A certificate and its private key, as files in PEM form. */
export interface KeyPairFiles {
  CertFile: string;
  KeyFile: string;
}

/** A certificate and its private key, as PEM texts. */
export interface KeyPair {
  cert: string;
  key: string;
}

/**
 * @param section configuration section of both: `Orchestrator.API.TLS`
 * @throws ConfigError where a file cannot be read or is invalid, or the two do not match
 */
export function readKeyPair(section: string, files: KeyPairFiles): KeyPair {
  const [CertFile, KeyFile] = [`${section}.CertFile`, `${section}.KeyFile`];
  const [cert, key] = [readSetting(CertFile, files.CertFile), readSetting(KeyFile, files.KeyFile)];
  const certificate = parsed(CertFile, files.CertFile, 'certificate', () => new X509Certificate(cert));
  const privateKey = parsed(KeyFile, files.KeyFile, 'private key without a passphrase', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new ConfigError(
      `${KeyFile}: the key in ${files.KeyFile} does not belong to the certificate in ${files.CertFile}; name the pair that was made together`,
      KeyFile,
    );
  }
  return { cert, key };
}

/**
 * Reads certificates of certificate authorities, as one text.
 * @throws ConfigError where the file cannot be read or is invalid
 */
export function readAuthoritiesOf(setting: string, path: string): string {
  try {
    return readAuthorities(path).join('\n');
  } catch (error) {
    throw new ConfigError(`${setting}: ${(error as Error).message}`, setting);
  }
}

/**
 * Reads the file that a setting names.
 * @throws ConfigError where it cannot be read
 */
export function readSetting(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${setting}: ${path} cannot be read: ${whyUnreadable(error)}`, setting);
  }
}

function parsed<Thing>(setting: string, path: string, what: string, parse: () => Thing): Thing {
  try {
    return parse();
  } catch {
    throw new ConfigError(`${setting}: ${path} holds no ${what} in PEM form`, setting);
  }
}
