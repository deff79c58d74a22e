import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import type { SignedRequest } from './request';

/** What the function URL answers. */
export interface Answer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export const plain = (statusCode: number, body = ''): Answer => ({ statusCode, body });

const json = (value: unknown): Answer => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

/**
 * Takes requests to a Bolt app. Bolt's own receiver for Lambda checks signatures but neither age ahead of the clock,
 * nor size, nor repetition, so all of that comes before (`request.ts`), and this one only translates. A function is
 * frozen once it has answered: everything has to be done before.
 */
export class FunctionUrlReceiver implements Receiver {
  private app?: App;

  init(app: App): void {
    this.app = app;
  }

  start(): Promise<unknown> {
    return Promise.resolve();
  }

  stop(): Promise<unknown> {
    return Promise.resolve();
  }

  /** Answers a signed request. 404 when no listener wanted it; rejects when one failed, so that Slack tries again. */
  async receive(request: SignedRequest, milliseconds: () => number): Promise<Answer> {
    const body = bodyOf(request);
    if (body === undefined) {
      return plain(400);
    }
    if (body.type === 'url_verification') {
      return json({ challenge: body.challenge });
    }
    if (body.ssl_check !== undefined) {
      return plain(200);
    }
    let answer: Answer | undefined;
    const event: ReceiverEvent = {
      body,
      ack: async (response: unknown) => {
        answer ??= acknowledgement(response);
      },
      customProperties: { left: milliseconds },
    };
    await this.app?.processEvent(event);
    return answer ?? plain(404);
  }
}

function acknowledgement(response: unknown): Answer {
  if (response === undefined || response === null) {
    return plain(200);
  }
  return typeof response === 'string' ? plain(200, response) : json(response);
}

type Body = ReceiverEvent['body'];

/** JSON of events; of the form field `payload`; or the fields of a slash command. */
function bodyOf({ body, contentType }: SignedRequest): Body | undefined {
  try {
    if (!contentType.startsWith('application/x-www-form-urlencoded')) {
      return object(JSON.parse(body));
    }
    const form = new URLSearchParams(body);
    const payload = form.get('payload');
    return payload === null ? Object.fromEntries(form) : object(JSON.parse(payload));
  } catch {
    return undefined;
  }
}

function object(value: unknown): Body | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
