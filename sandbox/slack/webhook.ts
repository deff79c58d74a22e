import type { HttpRequest, HttpResponse } from '../core/service';
import { blockProblem } from './blocks';
import type { Workspace } from './workspace';

type Answer = HttpResponse | 'drop';

const mostAttachments = 100;

function plain(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/html' }, body };
}

/** The payload: JSON as the body, or in the form field `payload`. */
function readPayload(request: HttpRequest): Record<string, unknown> | undefined {
  const text = request.body.toString('utf8');
  const json = text.startsWith('payload=') ? (new URLSearchParams(text).get('payload') ?? '') : text;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Slack's one-word reason against a payload. */
export function payloadProblem(payload: Record<string, unknown>): string | undefined {
  const { text, blocks, attachments } = payload;
  const given = [blocks, attachments].some((list) => Array.isArray(list) && list.length > 0);
  if (!given && (typeof text !== 'string' || text === '')) {
    return 'no_text';
  }
  if (blocks !== undefined && blocks !== null) {
    const problem = blockProblem(blocks);
    if (problem) {
      return problem.code;
    }
  }
  if (attachments === undefined || attachments === null) {
    return undefined;
  }
  if (!Array.isArray(attachments)) {
    return 'invalid_attachments';
  }
  if (attachments.length > mostAttachments) {
    return 'too_many_attachments';
  }
  return attachments
    .map((one) => (one as { blocks?: unknown } | null)?.blocks)
    .filter((one) => one !== undefined)
    .map((one) => blockProblem(one)?.code)
    .find((code) => code !== undefined);
}

/** `POST /services/T…/B…/…`: an incoming webhook. */
export function incomingWebhook(workspace: Workspace, request: HttpRequest, path: string): Answer {
  const { settings } = workspace;
  if (request.method !== 'POST') {
    return plain(400, 'invalid_payload');
  }
  if (!/^T[A-Z0-9]+\/B[A-Z0-9]+\/[A-Za-z0-9]+$/.test(path) || settings.removedWebhooks.includes(path)) {
    return plain(404, 'no_service');
  }
  if (workspace.throttles()) {
    const headers = { 'content-type': 'text/html', 'retry-after': String(settings.retryAfter) };
    return { status: 429, headers, body: 'ratelimited' };
  }
  const payload = readPayload(request);
  const problem = payload ? payloadProblem(payload) : 'invalid_payload';
  if (!payload || problem) {
    return plain(400, problem ?? 'invalid_payload');
  }
  const channel = workspace.channel(settings.webhookChannel);
  if (!channel) {
    return plain(404, 'channel_not_found');
  }
  if (channel.is_archived) {
    return plain(410, 'channel_is_archived');
  }
  const message = {
    via: 'webhook' as const,
    time: workspace.time(),
    ts: workspace.nextTs(),
    channel: channel.id,
    channelName: channel.name,
    webhook: path,
    payload,
  };
  return workspace.accept(message) ? 'drop' : plain(200, 'ok');
}
