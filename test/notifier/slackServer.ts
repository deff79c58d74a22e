import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { blockProblem } from '../../sandbox/slack/blocks';
import { slackMessageSchema } from './blockKit';

/** A message as this Slack keeps it. */
export interface KeptMessage {
  readonly ts: string;
  readonly channel: string;
  readonly threadTs?: string;
  text: string;
  attachments?: { readonly color: string; readonly blocks: readonly unknown[] }[];
  blocks?: readonly unknown[];
  readonly metadata?: { readonly event_payload: { readonly id: string } };
  edits: number;
}

/** What goes wrong, counted over the calls that post. */
export interface Trouble {
  /** Every so many calls is answered with 429 and `Retry-After: 1`. */
  limitEvery?: number;
  /** Every so many messages is taken, and the connection dropped without an answer. */
  dropEvery?: number;
  /** Answers with this status and does nothing. */
  status?: number;
  /** The token or webhook that is valid; all are unless given. */
  validSecret?: string;
  /** Refuses blocks, as Slack does when it likes them no more. */
  refuseBlocks?: boolean;
  /** Answers a method with this error. */
  refuse?: Readonly<Record<string, string>>;
  /** The token may not read channels or put files. */
  withoutScopes?: boolean;
}

/** A Slack on loopback: incoming webhook and the methods of the Web API that the notifier calls, with their limits. */
export class SlackServer {
  readonly messages: KeptMessage[] = [];
  readonly files: { readonly threadTs?: string; readonly name: string; readonly content: string }[] = [];
  readonly calls: string[] = [];
  trouble: Trouble = {};
  private posts = 0;
  private taken = 0;
  private uploads = new Map<string, string>();
  private readonly server = createServer((request, response) => void this.answer(request, response));

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get webhook(): string {
    return `${this.address}/services/T/B/secret`;
  }

  get apiUrl(): string {
    return `${this.address}/api`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const path = request.url ?? '';
    this.calls.push(path.startsWith('/api/') ? path.slice('/api/'.length) : (path.split('/')[1] ?? ''));
    const { status } = this.trouble;
    if (status !== undefined) {
      response.writeHead(status).end('service_unavailable');
    } else if (path.startsWith('/services/')) {
      this.answerWebhook(path, body, response);
    } else if (path.startsWith('/upload/')) {
      this.uploads.set(path.slice('/upload/'.length), body);
      response.end('OK');
    } else {
      this.answerApi(path.slice('/api/'.length), request, body, response);
    }
  }

  private answerWebhook(path: string, body: string, response: ServerResponse): void {
    const { validSecret } = this.trouble;
    if (validSecret !== undefined && !path.endsWith(validSecret)) {
      response.writeHead(404).end('no_service');
      return;
    }
    const payload = JSON.parse(body) as Record<string, unknown>;
    if (payload.text === undefined) {
      response.writeHead(400).end('no_text');
    } else if (!this.limited(response)) {
      const problem = this.problemOf(payload);
      if (problem !== undefined) {
        response.writeHead(400).end(problem);
        return;
      }
      this.keep(payload, 'C0WEBHOOK', response, () => response.end('ok'));
    }
  }

  private answerApi(method: string, request: IncomingMessage, body: string, response: ServerResponse): void {
    const json = (answer: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    const { validSecret, withoutScopes } = this.trouble;
    if (validSecret !== undefined && request.headers.authorization !== `Bearer ${validSecret}`) {
      json({ ok: false, error: 'token_revoked' });
      return;
    }
    const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
    const input = isForm
      ? Object.fromEntries(new URLSearchParams(body))
      : (JSON.parse(body) as Record<string, unknown>);
    if (withoutScopes && /^(conversations|files)\./.test(method)) {
      json({ ok: false, error: 'missing_scope' });
      return;
    }
    const refused = this.trouble.refuse?.[`${method}${input.thread_ts ? '#thread' : ''}`];
    if (refused !== undefined) {
      json({ ok: false, error: refused });
      return;
    }
    switch (method) {
      case 'chat.postMessage': {
        const problem = this.problemOf(input);
        if (problem !== undefined) {
          json({ ok: false, error: problem });
        } else if (!this.limited(response)) {
          const { ts, channel } = this.keep(input, String(input.channel), response, (kept) =>
            json({ ok: true, ...kept }),
          );
          void [ts, channel];
        }
        return;
      }
      case 'chat.update': {
        const found = this.messages.find(({ ts, channel }) => ts === input.ts && channel === input.channel);
        if (found) {
          Object.assign(found, { ...input, edits: found.edits + 1 });
        }
        json(found ? { ok: true, ts: found.ts } : { ok: false, error: 'message_not_found' });
        return;
      }
      case 'conversations.history':
      case 'conversations.replies': {
        const within = this.messages.filter(({ channel, threadTs, ts }) =>
          method.endsWith('replies')
            ? channel === input.channel && (threadTs === input.ts || ts === input.ts)
            : channel === input.channel && threadTs === undefined,
        );
        const start = Number(input.cursor ?? 0);
        const end = start + Number(input.limit);
        const newestFirst = [...within].reverse().slice(start, end);
        json({
          ok: true,
          messages: newestFirst,
          response_metadata: { next_cursor: end < within.length ? String(end) : '' },
        });
        return;
      }
      case 'files.getUploadURLExternal':
        json({
          ok: true,
          upload_url: `${this.address}/upload/F${this.uploads.size + 1}`,
          file_id: `F${this.uploads.size + 1}`,
        });
        return;
      case 'files.completeUploadExternal': {
        const [file] = input.files as unknown as { id: string; title: string }[];
        this.files.push({
          threadTs: input.thread_ts as string,
          name: file?.title ?? '',
          content: this.uploads.get(file?.id ?? '') ?? '',
        });
        json({ ok: true });
        return;
      }
      case 'auth.test':
        json({ ok: true });
        return;
      default:
        json({ ok: false, error: 'unknown_method' });
    }
  }

  private problemOf(payload: unknown): string | undefined {
    const { refuseBlocks } = this.trouble;
    const { attachments, blocks } = payload as { attachments?: unknown[]; blocks?: unknown };
    if (attachments === undefined) {
      return blocks && (refuseBlocks || blockProblem(blocks)) ? 'invalid_blocks' : undefined;
    }
    const withBlocks = attachments.length > 0;
    return (refuseBlocks && withBlocks) || !slackMessageSchema.safeParse(payload).success
      ? 'invalid_blocks'
      : undefined;
  }

  private limited(response: ServerResponse): boolean {
    this.posts += 1;
    const { limitEvery } = this.trouble;
    if (limitEvery === undefined || this.posts % limitEvery !== 0) {
      return false;
    }
    response.writeHead(429, { 'retry-after': '1' }).end('rate_limited');
    return true;
  }

  private keep(
    payload: Record<string, unknown>,
    channel: string,
    response: ServerResponse,
    answer: (kept: KeptMessage) => void,
  ): KeptMessage {
    this.taken += 1;
    const kept = {
      ...(payload as object),
      ts: `${1_700_000_000 + this.taken}.000100`,
      channel,
      threadTs: payload.thread_ts as string | undefined,
      text: String(payload.text),
      edits: 0,
    } as KeptMessage;
    this.messages.push(kept);
    const { dropEvery } = this.trouble;
    if (dropEvery !== undefined && this.taken % dropEvery === 0) {
      response.destroy();
    } else {
      answer(kept);
    }
    return kept;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
