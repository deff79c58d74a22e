import type { SecretReference } from '../settings';
import type { Thread } from './destination';
import { DeliveryError, safeReason } from './errors';
import { type Fetch, post } from './http';
import type { Secrets } from './secrets';

/** What answers of Slack's Web API hold, as far as the notifier reads them. */
export interface SlackAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly channel?: string;
  readonly ts?: string;
  readonly messages?: readonly {
    readonly ts?: string;
    readonly metadata?: { readonly event_payload?: { readonly id?: unknown } };
  }[];
  readonly has_more?: boolean;
  readonly response_metadata?: { readonly next_cursor?: string };
  readonly upload_url?: string;
  readonly file_id?: string;
}

export interface FileUpload {
  readonly content: string;
  readonly filename: string;
  readonly thread: Thread;
}

/** Calls a method of Slack's Web API. Throws `DeliveryError`. */
export interface SlackApi {
  (method: string, parameters: Readonly<Record<string, unknown>>): Promise<SlackAnswer>;
  upload(file: FileUpload): Promise<void>;
}

const revoked = /^(invalid_auth|not_authed|token_revoked|token_expired|account_inactive)$/;
const invalid =
  /^(invalid_blocks|invalid_blocks_format|invalid_attachments|msg_blocks_too_long|msg_too_long|too_many_attachments|metadata_too_large|no_text)$/;
const unavailable = /^(fatal_error|internal_error|service_unavailable|request_timeout|team_added_to_org)$/;
/** Methods that take their parameters only as a form. */
const asForm = /^conversations\.|^files\.getUpload/;

/** Slack's Web API with a bot token that is fetched once and again when Slack says that it is revoked. */
export function slackApi(
  secret: SecretReference,
  apiUrl: string,
  tools: { readonly fetch: Fetch; readonly secrets: Secrets },
): SlackApi {
  const call = (method: string, parameters: Readonly<Record<string, unknown>>) =>
    tools.secrets.with(secret, async (token) => {
      const form = asForm.test(method);
      const { status, body } = await post(
        tools.fetch,
        `${apiUrl}/${method}`,
        form ? formOf(parameters) : JSON.stringify(parameters),
        {
          authorization: `Bearer ${token}`,
          ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
      );
      return checked(status, body);
    });
  const upload = async ({ content, filename, thread }: FileUpload): Promise<void> => {
    const length = Buffer.byteLength(content);
    const { upload_url: address, file_id: id } = await call('files.getUploadURLExternal', { filename, length });
    if (address === undefined || id === undefined) {
      throw new DeliveryError('refused', 'no_upload_address');
    }
    const { status } = await post(tools.fetch, address, content, { 'content-type': 'text/csv; charset=utf-8' });
    if (status !== 200) {
      throw new DeliveryError('refused', `HTTP ${status}`);
    }
    await call('files.completeUploadExternal', {
      files: [{ id, title: filename }],
      channel_id: thread.channel,
      thread_ts: thread.ts,
    });
  };
  return Object.assign(call, { upload });
}

function checked(status: number, body: string): SlackAnswer {
  const answer = parsed(body);
  if (status !== 200 || answer === undefined) {
    throw new DeliveryError('unavailable', `HTTP ${status}`);
  }
  if (answer.ok === true) {
    return answer;
  }
  const reason = safeReason(answer.error ?? '', status);
  if (reason === 'ratelimited' || reason === 'rate_limited') {
    throw new DeliveryError('rateLimited', reason);
  }
  const failure = revoked.test(reason)
    ? 'revoked'
    : invalid.test(reason)
      ? 'invalid'
      : unavailable.test(reason)
        ? 'unavailable'
        : 'refused';
  throw new DeliveryError(failure, reason);
}

function parsed(body: string): SlackAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null ? (answer as SlackAnswer) : undefined;
  } catch {
    return undefined;
  }
}

function formOf(parameters: Readonly<Record<string, unknown>>): string {
  // JSON leaves out what is not given.
  return new URLSearchParams(JSON.parse(JSON.stringify(parameters)) as Record<string, string>).toString();
}
