import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One keep-alive HTTP/1.1 connection that knows only what this service sends: answers with a Content-Length. The
 * client runs on the cores of the service, and this costs them a third of what `node:http` does.
 */
export class Connection implements Disposable {
  readonly #socket: Socket;
  readonly #host: string;
  #received: Buffer = Buffer.alloc(0);
  #waiting: { resolve(status: number): void; reject(error: unknown): void } | undefined;

  private constructor(socket: Socket, host: string) {
    this.#socket = socket;
    this.#host = host;
    socket.setNoDelay();
    socket.on('data', (bytes) => this.#receive(bytes));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The service closed the connection.')));
  }

  static async open({ hostname, port, host }: URL, signal: AbortSignal): Promise<Connection> {
    const socket = connect({ host: hostname, port: Number(port), signal });
    await once(socket, 'connect', { signal });
    return new Connection(socket, host);
  }

  /** Sends a JSON body and resolves with the status when the whole answer has come. */
  post(path: string, body: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      const head = `POST ${path} HTTP/1.1\r\nHost: ${this.#host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
      this.#socket.write(Buffer.concat([Buffer.from(head), body]));
    });
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    const end = this.#received.indexOf(HEAD_END);
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const status = /^HTTP\/1\.1 (\d{3})/u.exec(head)?.[1];
    const length = /\r\ncontent-length: *(\d+)/iu.exec(head)?.[1];
    if (status === undefined || length === undefined) {
      this.#fail(new Error('The service sent an answer without status or Content-Length.'));
      return;
    }
    if (this.#received.length < end + HEAD_END.length + Number(length)) return;
    this.#received = Buffer.alloc(0);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.resolve(Number(status));
  }

  #fail(error: unknown): void {
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
