import type { HttpRequest, HttpResponse } from '../core/service';
import { checkContent } from './chat';
import { emitMessage } from './events';
import { SlackRefusal } from './refusal';
import type { ResponseTarget } from './tickets';
import type { SlackMessage, Workspace } from './workspace';

type Json = Record<string, unknown>;

/** Shows what an app answers to a click or command: to that person alone unless `response_type` is `in_channel`. */
export function postResponse(
  workspace: Workspace,
  { user, channel: id, thread_ts: threadTs }: Pick<ResponseTarget, 'user' | 'channel' | 'thread_ts'>,
  payload: Json,
): void {
  const channel = workspace.channel(id);
  const thread = typeof payload.thread_ts === 'string' ? payload.thread_ts : threadTs;
  const message: SlackMessage = {
    via: 'response_url',
    time: workspace.time(),
    ts: workspace.nextTs(),
    channel: id,
    channelName: channel?.name ?? id,
    ...(thread ? { thread_ts: thread } : {}),
    ...(payload.response_type === 'in_channel' ? {} : { ephemeralTo: user }),
    payload,
  };
  workspace.messages.push(message);
  emitMessage(workspace, message);
}

function refuse(status: number, error: string): HttpResponse {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers, body: JSON.stringify({ ok: false, error }) };
}

function change(workspace: Workspace, original: SlackMessage, payload: Json): void {
  if (payload.delete_original === true) {
    workspace.messages.splice(workspace.messages.indexOf(original), 1);
    return;
  }
  original.payload = { ...original.payload, blocks: undefined, attachments: undefined, ...payload };
  original.edited = workspace.nextTs();
}

/** `POST /_slack/response/<id>`: a `response_url`. */
export function respond(workspace: Workspace, request: HttpRequest, id: string): HttpResponse {
  const target = workspace.tickets.useResponse(id);
  if (typeof target === 'string') {
    return refuse(404, target);
  }
  let payload: Json;
  try {
    payload = JSON.parse(request.body.toString('utf8')) as Json;
  } catch {
    return refuse(400, 'invalid_payload');
  }
  const original = workspace.messages.find((one) => one.channel === target.channel && one.ts === target.ts);
  const replaces = payload.replace_original === true || payload.delete_original === true;
  try {
    if (payload.delete_original !== true) {
      checkContent(payload);
    }
  } catch (error) {
    if (error instanceof SlackRefusal) {
      return refuse(400, error.code);
    }
    throw error;
  }
  if (replaces && original) {
    change(workspace, original, payload);
  } else {
    postResponse(workspace, target, payload);
  }
  return { status: 200, headers: { 'content-type': 'text/html' }, body: 'ok' };
}
