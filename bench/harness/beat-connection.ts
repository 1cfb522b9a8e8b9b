import { connect, type Socket } from 'node:net';

/**
 * A persistent connection that carries one request at a time. It parses only the HTTP that Rollcall's servers send (a status, a Content-Length),
 * since an HTTP client would cost the machine more than what is measured.
 */
export class BeatConnection {
  private readonly socket: Socket;
  private unread = '';
  private answered: ((status: number) => void) | undefined;
  isBroken = false;

  /** @param broke called when the connection ends */
  constructor(port: number, broke: () => void) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => this.read(text));
    this.socket.once('error', () => undefined);
    this.socket.once('close', () => {
      this.isBroken = true;
      broke();
    });
  }

  /** @param answered called with the status; never if the connection breaks */
  send(request: string, answered: (status: number) => void): void {
    this.answered = answered;
    this.socket.write(request, 'latin1');
  }

  close(): void {
    this.socket.destroy();
  }

  private read(text: string): void {
    this.unread = this.unread === '' ? text : this.unread + text;
    const head = this.unread.indexOf('\r\n\r\n');
    if (head === -1) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.unread.slice(0, head))?.[1] ?? 0);
    const end = head + 4 + length;
    if (this.unread.length < end) return;
    const status = Number(this.unread.slice(9, 12));
    this.unread = this.unread.slice(end);
    const { answered } = this;
    this.answered = undefined;
    answered?.(status);
  }
}
