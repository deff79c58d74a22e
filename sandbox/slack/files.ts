import { randomBytes } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../core/service';
import { emitMessage } from './events';
import { type Method, SlackRefusal } from './refusal';
import type { SlackFile, SlackMessage, Workspace } from './workspace';

function described(file: SlackFile, host: string) {
  const url = `http://${host}/_slack/files/${file.id}`;
  return {
    id: file.id,
    name: file.filename,
    title: file.title ?? file.filename,
    size: file.length,
    url_private: url,
    permalink: url,
  };
}

/** The bytes of an upload: the body itself, or the file of a form. */
async function bytesOf(request: HttpRequest): Promise<Buffer> {
  const type = request.headers['content-type'] ?? '';
  if (!type.includes('multipart/form-data')) {
    return request.body;
  }
  const body = new Uint8Array(request.body);
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  const file = [...form.values()].find((one) => typeof one !== 'string');
  return file ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0);
}

/** `POST /_slack/upload/<file id>`: the second of the three steps. */
export async function receiveUpload(workspace: Workspace, request: HttpRequest, id: string): Promise<HttpResponse> {
  const file = workspace.files.get(id);
  if (!file) {
    return { status: 404, body: 'no such upload' };
  }
  const content = await bytesOf(request);
  file.content = content;
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: `OK - ${content.length}` };
}

/** `files.*`: uploads in three steps, address, bytes, completion. */
export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': (workspace, input, request) => {
    const length = Number(input.length);
    if (typeof input.filename !== 'string' || !Number.isInteger(length) || length <= 0) {
      throw new SlackRefusal('invalid_arguments');
    }
    const id = `F${randomBytes(5).toString('hex').toUpperCase()}`;
    workspace.files.set(id, { id, filename: input.filename, length });
    return { upload_url: `http://${request.host}/_slack/upload/${id}`, file_id: id };
  },
  'files.completeUploadExternal': (workspace, input, request) => {
    const given = input.files as { id: string; title?: string }[] | undefined;
    if (!Array.isArray(given) || given.length === 0) {
      throw new SlackRefusal('invalid_arguments');
    }
    const channel = input.channel_id ? workspace.channel(input.channel_id) : undefined;
    if (input.channel_id && !channel) {
      throw new SlackRefusal('channel_not_found');
    }
    const files = given.map(({ id, title }) => {
      const file = workspace.files.get(id);
      if (!file?.content) {
        throw new SlackRefusal('file_not_found');
      }
      file.title = title;
      file.channel = channel?.id;
      return described(file, request.host);
    });
    if (channel) {
      const message: SlackMessage = {
        via: 'chat.postMessage',
        time: workspace.time(),
        ts: workspace.nextTs(),
        channel: channel.id,
        channelName: channel.name,
        ...(typeof input.thread_ts === 'string' ? { thread_ts: input.thread_ts } : {}),
        payload: { text: input.initial_comment ?? '', files },
      };
      workspace.messages.push(message);
      emitMessage(workspace, message);
    }
    return { files };
  },
  'files.info': (workspace, input, request) => {
    const file = workspace.files.get(String(input.file));
    if (!file) {
      throw new SlackRefusal('file_not_found');
    }
    return { file: described(file, request.host) };
  },
};
