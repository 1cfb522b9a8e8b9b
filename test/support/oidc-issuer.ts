import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';
import { useInSuite } from './use-in-suite.js';

interface Key {
  kid: string;
  privateKey: CryptoKey;
  jwk: JWK;
}

/** An OIDC issuer with what a verifier of its tokens needs: a discovery document, keys, and tokens signed with them. */
export class TestIssuer {
  readonly #server: Server;
  #keys: Key[] = [];
  #rotations = 0;
  /** Whether it answers with 500. */
  broken = false;
  /** Number of requests for its keys. */
  asked = 0;
  /** Requests for its discovery document. */
  discovered = 0;
  /** What its discovery document calls it, where that is not its address. */
  named: string | undefined;
  /** Where its keys are. */
  keysAt = '/keys';

  private constructor(
    readonly port: number,
    server: Server,
  ) {
    this.#server = server;
  }

  /** @param port of an earlier issuer that is restarted */
  static async start(port = 0): Promise<TestIssuer> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new TestIssuer((server.address() as AddressInfo).port, server);
    server.on('request', (request, response) => {
      const answer = issuer.#answerTo(request.url ?? '');
      response
        .writeHead(issuer.broken || answer === undefined ? 500 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(answer ?? {}));
    });
    await issuer.rotate();
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Signs with a new key from now on, and no longer publishes the earlier ones. */
  async rotate(): Promise<void> {
    const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
    this.#rotations += 1;
    const kid = `key-${this.#rotations}`;
    this.#keys = [{ kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } }];
  }

  get publicJwk(): JWK {
    return this.#key.jwk;
  }

  /** A valid token, except for the claims that the test changes; undefined leaves a claim out. */
  sign(claims: JWTPayload = {}, { kid = this.#key.kid }: { kid?: string } = {}): Promise<string> {
    return new SignJWT({ ...GOOD, iss: this.url, ...this.#times(), ...claims })
      .setProtectedHeader({ alg: 'RS256', kid })
      .sign(this.#key.privateKey);
  }

  /** The same claims, signed as the test wants. */
  claims(): JWTPayload {
    return { ...GOOD, iss: this.url, ...this.#times() };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get #key(): Key {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('the issuer has no key yet');
    return key;
  }

  #times(): JWTPayload {
    const now = Math.floor(Date.now() / 1_000);
    return { iat: now, exp: now + 300 };
  }

  #answerTo(path: string): unknown {
    if (path === '/.well-known/openid-configuration') {
      this.discovered += 1;
      return { issuer: this.named ?? this.url, jwks_uri: this.url + this.keysAt };
    }
    if (path !== this.keysAt) return undefined;
    this.asked += 1;
    return { keys: this.#keys.map(({ jwk }) => jwk) };
  }
}

const GOOD = {
  sub: 'user-7',
  preferred_username: 'ann',
  aud: 'rollcall',
  realm: { groups: ['staff', 'rollcall-operators'] },
};

/** An issuer for the tests of a file. */
export function useIssuer(): TestIssuer {
  return useInSuite(
    () => TestIssuer.start(),
    (issuer) => issuer.stop(),
  );
}
