import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads the certificates of a file of certificate authorities, in PEM form.
 * @throws Error with a short description of what is wrong with the file
 */
export function readAuthorities(path: string): string[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Error(`${path} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : code}`, { cause: error });
  }
  const certificates = text.match(CERTIFICATE) ?? [];
  if (certificates.length === 0 || !certificates.every(isCertificate))
    throw new Error(`${path} holds no certificate in PEM form`);
  return certificates;
}

function isCertificate(pem: string): boolean {
  try {
    // Parsing validates it.
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
