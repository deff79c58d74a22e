import type { HttpRequest, HttpResponse } from '../core/service';
import { chatMethods } from './chat';
import { conversationMethods } from './conversations';
import { fileMethods } from './files';
import { personMethods } from './people';
import { type Arguments, type Method, SlackRefusal } from './refusal';
import type { Workspace } from './workspace';

const methods: Record<string, Method> = {
  'api.test': (_workspace, input) => ({ args: input }),
  'auth.test': (workspace, _input, request) => ({
    url: `http://${request.host}/_slack/`,
    team: workspace.team.name,
    user: workspace.bot.name,
    team_id: workspace.team.id,
    user_id: workspace.bot.user,
    bot_id: workspace.bot.id,
    is_enterprise_install: false,
  }),
  ...chatMethods,
  ...conversationMethods,
  ...fileMethods,
  ...personMethods,
};

/** Methods that post, and so are throttled and dropped on demand. */
const posting = ['chat.postMessage', 'chat.update', 'chat.postEphemeral'];

function respond(status: number, value: object, headers: Record<string, string> = {}): HttpResponse {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(value) };
}

/** Form fields hold structured arguments as JSON. */
function fromForm(form: URLSearchParams): Arguments {
  const structured = ['blocks', 'attachments', 'metadata', 'view', 'files', 'unfurls'];
  return Object.fromEntries(
    [...form].map(([name, value]) => {
      if (!structured.includes(name)) {
        return [name, value];
      }
      try {
        return [name, JSON.parse(value) as unknown];
      } catch {
        throw new SlackRefusal(name === 'blocks' ? 'invalid_blocks_format' : 'invalid_arguments');
      }
    }),
  );
}

function readArguments(request: HttpRequest): Arguments {
  const type = request.headers['content-type'] ?? '';
  if (!type.includes('json')) {
    const body = type.includes('form') ? request.body.toString('utf8') : '';
    return { ...fromForm(request.query), ...fromForm(new URLSearchParams(body)) };
  }
  try {
    return JSON.parse(request.body.toString('utf8') || '{}') as Arguments;
  } catch {
    throw new SlackRefusal('invalid_json');
  }
}

function checkToken(workspace: Workspace, input: Arguments, request: HttpRequest): void {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer ?? (typeof input.token === 'string' ? input.token : undefined);
  if (!token) {
    throw new SlackRefusal('not_authed');
  }
  if (workspace.settings.revokedTokens.includes(token)) {
    throw new SlackRefusal('token_revoked');
  }
  if (!/^xox[bpe](\.xox[bp])?-\S+$/.test(token)) {
    throw new SlackRefusal('invalid_auth');
  }
}

/** `POST /api/<method>`: the Web API. */
export function callMethod(workspace: Workspace, request: HttpRequest, name: string): HttpResponse | 'drop' {
  const method = methods[name];
  if (!method) {
    return respond(200, { ok: false, error: 'unknown_method', req_method: name });
  }
  try {
    const input = readArguments(request);
    if (name !== 'api.test') {
      checkToken(workspace, input, request);
    }
    if (posting.includes(name) && workspace.throttles()) {
      const retry = { 'retry-after': String(workspace.settings.retryAfter) };
      return respond(429, { ok: false, error: 'ratelimited' }, retry);
    }
    const answer = method(workspace, input, request);
    return answer === 'drop' ? 'drop' : respond(200, { ok: true, ...answer });
  } catch (error) {
    if (error instanceof SlackRefusal) {
      return respond(200, { ok: false, error: error.code, ...error.members });
    }
    throw error;
  }
}
