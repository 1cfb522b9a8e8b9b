import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { EXIT, FatalError } from '../../process/exit-codes.js';
import { whyFileFailed } from '../../process/file-errors.js';

const TOKEN = /^[A-Za-z0-9_-]{43,}$/;
const TOKEN_BYTES = 32;

/** The token that engines send to the endpoint's port, in a file readable by its owner. It is kept across restarts, and made anew if the file is missing. */
export class EndpointSecret {
  private constructor(
    readonly path: string,
    private readonly digest: Buffer,
  ) {}

  /** @throws FatalError if the file cannot be read or written */
  static async of(path: string): Promise<EndpointSecret> {
    try {
      const known = await readFile(path, 'utf8').then(
        (text) => text.trim(),
        () => '',
      );
      const token = TOKEN.test(known) ? known : randomBytes(TOKEN_BYTES).toString('base64url');
      if (token !== known) await writeFile(path, `${token}\n`, { mode: 0o600 });
      // The file may have been created readable for others.
      await chmod(path, 0o600);
      return new EndpointSecret(path, digestOf(token));
    } catch (error) {
      throw new FatalError(
        `The token of Compute.Sessions.EndpointPort, ${path}, cannot be kept: ${whyFileFailed(error)}`,
        EXIT.failed,
      );
    }
  }

  /** @param authorization text of the header */
  isIn(authorization: string | undefined): boolean {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    return token !== undefined && timingSafeEqual(digestOf(token), this.digest);
  }
}

function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
