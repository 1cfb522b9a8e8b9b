import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files in PEM form. */
export interface Certificate {
  certFile: string;
  keyFile: string;
}

/** A certificate authority of its own, made with openssl. */
export async function makeAuthority(folder: string, name: string): Promise<Certificate> {
  const files = filesOf(folder, name);
  await openssl(
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '1',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    files.keyFile,
    '-out',
    files.certFile,
  );
  return files;
}

/** A server's certificate for the loopback address and further names, signed by an authority. */
export async function makeServerCertificate(
  folder: string,
  name: string,
  authority: Certificate,
  names: readonly string[] = [],
): Promise<Certificate> {
  const files = filesOf(folder, name);
  const [request, extensions] = [join(folder, `${name}.csr`), join(folder, `${name}.ext`)];
  const all = ['IP:127.0.0.1', ...['localhost', ...names].map((dns) => `DNS:${dns}`)];
  await writeFile(extensions, `subjectAltName=${all.join(',')}\n`);
  await openssl(
    'req',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    files.keyFile,
    '-out',
    request,
  );
  await openssl(
    'x509',
    '-req',
    '-in',
    request,
    '-days',
    '1',
    '-CA',
    authority.certFile,
    '-CAkey',
    authority.keyFile,
    '-CAcreateserial',
    '-extfile',
    extensions,
    '-out',
    files.certFile,
  );
  return files;
}

function filesOf(folder: string, name: string): Certificate {
  return { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
}

async function openssl(...args: string[]): Promise<void> {
  await run('openssl', args);
}
