import type { IncomingMessage, ServerResponse } from 'node:http';
import { LocalServer } from '../local-server.js';

interface Said {
  status?: number;
  text?: string;
  headers?: Record<string, string>;
  fault?: 'hang' | 'flood';
}

/** A provider's metadata server on loopback, with what a test puts there, and 404 for the rest. It refuses requests that the provider would refuse. */
export abstract class MetadataServer extends LocalServer {
  readonly asked: string[] = [];
  private readonly said = new Map<string, Said>();

  say(path: string, said: Said | string | object): void {
    this.said.set(
      path,
      typeof said === 'string'
        ? { text: said }
        : 'status' in said || 'fault' in said
          ? said
          : { text: JSON.stringify(said) },
    );
  }

  unsay(path: string): void {
    this.said.delete(path);
  }

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '' } = request;
    this.asked.push(`${request.method} ${url}`);
    const {
      status = 200,
      text = '',
      headers = {},
      fault,
    } = this.refusal(request) ?? this.said.get(url) ?? { status: 404 };
    if (fault === 'hang') return;
    response.writeHead(status, { ...this.headers, ...headers });
    if (fault !== 'flood') return void response.end(text);
    const pour = () => {
      while (!response.destroyed && response.write('x'.repeat(16_384)));
    };
    response.on('drain', pour);
    pour();
  }

  protected readonly headers: Record<string, string> = {};
  protected abstract refusal(request: IncomingMessage): Said | undefined;
}

/** IMDSv2: a session token by PUT, and 401 without a valid one. */
export class AwsMetadata extends MetadataServer {
  /** Invalidates all tokens. */
  generation = 1;

  protected refusal({ method, url, headers }: IncomingMessage): Said | undefined {
    if (url === '/latest/api/token') {
      const ttl = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']);
      if (method !== 'PUT') return { status: 405 };
      return ttl >= 1 && ttl <= 21_600 ? { text: `token-${this.generation}` } : { status: 400 };
    }
    return headers['x-aws-ec2-metadata-token'] === `token-${this.generation}` ? undefined : { status: 401 };
  }
}

/** 403 without `Metadata-Flavor: Google`, which answers have too. */
export class GcpMetadata extends MetadataServer {
  protected override readonly headers = { 'Metadata-Flavor': 'Google' };

  protected refusal({ headers }: IncomingMessage): Said | undefined {
    return headers['metadata-flavor'] === 'Google' ? undefined : { status: 403 };
  }
}

/** 400 without `Metadata: true`. */
export class AzureMetadata extends MetadataServer {
  protected refusal({ headers }: IncomingMessage): Said | undefined {
    return headers['metadata'] === 'true' ? undefined : { status: 400 };
  }
}
