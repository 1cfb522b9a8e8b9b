import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode, type Answer, type DecodedPacket } from 'dns-packet';

/** TTL of answers, which nobody may cache. */
const TTL = 0;
const NXDOMAIN = 3;

/** A DNS server on a loopback address, at the standard port. */
export class DnsServer {
  /** Received questions for `SRV _mongodb._tcp.cluster.rollcall.test`, in order. */
  readonly asked: string[] = [];
  private answers: Answer[] = [];

  private constructor(
    private readonly socket: Socket,
    readonly address: string,
  ) {}

  /** @param address in 127.0.0.0/8; port 53 requires root */
  static async start(address: string): Promise<DnsServer> {
    const socket = createSocket('udp4');
    socket.bind(53, address);
    await once(socket, 'listening');
    const server = new DnsServer(socket, address);
    socket.on('message', (message, { address: from, port }) => {
      socket.send(server.reply(decode(message)), port, from);
    });
    return server;
  }

  /** Sets its records. */
  knows(...answers: Answer[]): void {
    this.answers = answers;
  }

  async stop(): Promise<void> {
    this.socket.close();
    await once(this.socket, 'close');
  }

  private reply({ id, questions = [] }: DecodedPacket): Buffer {
    for (const { type, name } of questions) this.asked.push(`${type} ${name}`);
    const isNamed = (name: string) => this.answers.some((answer) => answer.name.toLowerCase() === name.toLowerCase());
    const answers = questions.flatMap(({ type, name }) =>
      this.answers.filter((answer) => answer.type === type && answer.name.toLowerCase() === name.toLowerCase()),
    );
    const isUnknown = !questions.every(({ name }) => isNamed(name));
    return encode({
      type: 'response',
      id: id ?? 0,
      // Authoritative, with recursion available.
      flags: 0x0480 | (isUnknown ? NXDOMAIN : 0),
      questions,
      answers: answers.map((answer) => ({ ...answer, ttl: TTL })),
    });
  }
}
