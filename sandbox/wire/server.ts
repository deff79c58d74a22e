import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { requestId } from '../core/ids';
import type { RawRequest } from '../core/service';
import type { Answer } from './answers';
import type { Outcome } from './gateway';

/** Answers one request. */
export type RequestHandler = (request: RawRequest, requestId: string, sourceIp: string) => Promise<Outcome>;

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) {
    chunks.push(chunk as Buffer);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

async function readRequest(message: IncomingMessage): Promise<RawRequest> {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const body = await readBody(message);
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers,
    body,
  };
}

function send(response: ServerResponse, answer: Answer, headOnly: boolean): void {
  const { status, headers, body } = answer;
  if (body instanceof Readable) {
    response.writeHead(status, headers);
    body.on('error', () => response.destroy());
    body.pipe(response);
    return;
  }
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  const length =
    status === 204 || status === 304 ? {} : { 'content-length': headers['content-length'] ?? String(bytes.length) };
  response.writeHead(status, { ...headers, ...length });
  response.end(headOnly ? undefined : bytes);
}

/** An HTTP server on loopback. */
export class LoopbackServer {
  private readonly server: Server;
  private address = '';

  constructor(private readonly handle: RequestHandler) {
    this.server = createServer((message, response) => {
      void this.answer(message, response);
    });
    this.server.keepAliveTimeout = 60_000;
    this.server.requestTimeout = 0;
  }

  get endpoint(): string {
    return this.address;
  }

  private async answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(message);
      const outcome = await this.handle(request, requestId(), message.socket.remoteAddress ?? '127.0.0.1');
      if (outcome === 'drop') {
        message.socket.destroy();
      } else if (outcome !== 'hang') {
        send(response, outcome, request.method === 'HEAD');
      }
    } catch (error) {
      const body = JSON.stringify({ __type: 'InternalFailure', message: String(error) });
      send(response, { status: 500, headers: { 'content-type': 'application/json' }, body }, false);
    }
  }

  /** @param port 0 for any free one */
  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
        resolve();
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
