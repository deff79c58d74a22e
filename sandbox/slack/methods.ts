import type { HttpRequest, HttpResponse } from '../core/service';
import { chatMethods } from './chat';
import { conversationMethods } from './conversations';
import { fileMethods } from './files';
import { manifestMethods } from './manifest';
import { methodFacts } from './methodFacts';
import { personMethods } from './people';
import { type Arguments, type Method, SlackRefusal } from './refusal';
import { viewMethods } from './views';
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
  ...manifestMethods,
  ...personMethods,
  ...viewMethods,
};

/** Methods that post, and so are throttled and dropped on demand. */
const posting = ['chat.postMessage', 'chat.update', 'chat.postEphemeral'];

function respond(status: number, value: object, headers: Record<string, string> = {}): HttpResponse {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(value) };
}

/** Form fields hold structured arguments as JSON. */
function fromForm(form: Iterable<[string, string]>): Arguments {
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

async function fromMultipart(request: HttpRequest, type: string): Promise<Arguments> {
  const body = new Uint8Array(request.body);
  const form = await new Response(body, { headers: { 'content-type': type } }).formData();
  return fromForm([...form].filter((field): field is [string, string] => typeof field[1] === 'string'));
}

async function readArguments(request: HttpRequest, formOnly: boolean): Promise<Arguments> {
  const type = request.headers['content-type'] ?? '';
  const inAddress = fromForm(request.query);
  if (type.includes('json')) {
    return formOnly ? inAddress : { ...inAddress, ...fromJson(request) };
  }
  if (type.includes('multipart/form-data')) {
    return { ...inAddress, ...(await fromMultipart(request, type)) };
  }
  const body = type.includes('form') ? request.body.toString('utf8') : '';
  return { ...inAddress, ...fromForm(new URLSearchParams(body)) };
}

function fromJson(request: HttpRequest): Arguments {
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString('utf8') || '{}');
  } catch {
    throw new SlackRefusal('invalid_json');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SlackRefusal('json_not_object');
  }
  return value as Arguments;
}

function checkToken(workspace: Workspace, input: Arguments, request: HttpRequest): void {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
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

function checkScope(workspace: Workspace, name: string): void {
  const { scopes } = workspace.settings;
  const needed = methodFacts(name).scopes;
  if (scopes && needed && !needed.some((scope) => scopes.includes(scope))) {
    throw new SlackRefusal('missing_scope', { needed: needed.join(','), provided: scopes.join(',') });
  }
}

function checkRequired(name: string, input: Arguments): void {
  const missing = (methodFacts(name).required ?? []).filter((one) => input[one] === undefined || input[one] === '');
  if (missing.length > 0) {
    const messages = missing.map((one) => `[ERROR] missing required field: ${one}`);
    throw new SlackRefusal('invalid_arguments', { response_metadata: { messages } });
  }
}

function limited(seconds: number): HttpResponse {
  return respond(429, { ok: false, error: 'ratelimited' }, { 'retry-after': String(seconds) });
}

/** `POST /api/<method>`: the Web API. */
export async function callMethod(
  workspace: Workspace,
  request: HttpRequest,
  name: string,
): Promise<HttpResponse | 'drop'> {
  const method = methods[name];
  if (!method) {
    return respond(200, { ok: false, error: 'unknown_method', req_method: name });
  }
  const { settings } = workspace;
  const granted: Record<string, string> = settings.scopes ? { 'x-oauth-scopes': settings.scopes.join(',') } : {};
  try {
    const input = await readArguments(request, methodFacts(name).formOnly === true);
    if (name !== 'api.test') {
      checkToken(workspace, input, request);
    }
    checkScope(workspace, name);
    const seconds = settings.rateLimits ? workspace.limits.refuse(name, input.channel) : undefined;
    if (seconds !== undefined) {
      return limited(seconds);
    }
    if (posting.includes(name) && workspace.throttles()) {
      return limited(settings.retryAfter);
    }
    checkRequired(name, input);
    const answer = method(workspace, input, request);
    return answer === 'drop' ? 'drop' : respond(200, { ok: true, ...answer }, granted);
  } catch (error) {
    if (error instanceof SlackRefusal) {
      return respond(200, { ok: false, error: error.code, ...error.members }, granted);
    }
    throw error;
  }
}
