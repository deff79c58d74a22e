import { randomBytes } from 'node:crypto';
import { type Method, SlackRefusal } from './refusal';
import type { SlackFile } from './workspace';

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
      workspace.messages.push({
        via: 'chat.postMessage',
        time: workspace.time(),
        ts: workspace.nextTs(),
        channel: channel.id,
        channelName: channel.name,
        ...(typeof input.thread_ts === 'string' ? { thread_ts: input.thread_ts } : {}),
        payload: { text: input.initial_comment ?? '', files },
      });
    }
    return { files };
  },
};
