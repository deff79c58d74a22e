import type { HttpRequest, HttpResponse, ServiceFactory } from '../core/service';
import { callMethod } from './methods';
import { incomingWebhook } from './webhook';
import { type SlackSettings, Workspace } from './workspace';

function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

function changeSettings(workspace: Workspace, request: HttpRequest): HttpResponse {
  try {
    const given = JSON.parse(request.body.toString('utf8') || '{}') as Partial<SlackSettings>;
    const unknown = Object.keys(given).filter((name) => !(name in workspace.settings));
    if (unknown.length > 0) {
      return json(400, { error: `unknown settings: ${unknown.join(', ')}` });
    }
    workspace.settings = { ...workspace.settings, ...given };
    return json(200, workspace.settings);
  } catch {
    return json(400, { error: 'the body is not JSON' });
  }
}

/** What the local Slack has received and how it behaves: for tests, and for people. */
function control(workspace: Workspace, request: HttpRequest, what: string): HttpResponse | undefined {
  switch (`${request.method} ${what}`) {
    case 'GET messages':
      return json(200, workspace.messages);
    case 'DELETE messages':
      workspace.clear();
      return json(200, []);
    case 'GET views':
      return json(200, workspace.views);
    case 'GET settings':
      return json(200, workspace.settings);
    case 'POST settings':
    case 'PATCH settings':
      return changeSettings(workspace, request);
    default:
      return undefined;
  }
}

function upload(workspace: Workspace, request: HttpRequest, id: string): HttpResponse {
  const file = workspace.files.get(id);
  if (!file) {
    return { status: 404, body: 'no such upload' };
  }
  file.content = request.body;
  return { status: 200, body: `OK - ${request.body.length}` };
}

/**
 * A Slack workspace on the local organization's own port, under `/_slack/`: incoming webhooks (`services/…`), the Web
 * API (`api/…`), what was received (`messages`) and how it misbehaves on demand (`settings`).
 */
export const createSlack: ServiceFactory = (world) => {
  const workspace = new Workspace(() => world.now());
  const answer = (request: HttpRequest, kind: string, rest: string) => {
    switch (kind) {
      case 'services':
        return incomingWebhook(workspace, request, rest);
      case 'api':
        return callMethod(workspace, request, rest);
      case 'upload':
        return upload(workspace, request, rest);
      case 'files':
        return { status: workspace.files.has(rest) ? 200 : 404, body: workspace.files.get(rest)?.content ?? '' };
      default:
        return undefined;
    }
  };
  return {
    signingNames: ['slack'],
    schemas: {},
    operations: {},
    httpPaths: ['_slack'],
    http: async (request) => {
      const [, , kind = '', ...rest] = request.path.split('/');
      const known = control(workspace, request, kind);
      if (known) {
        return known;
      }
      const { delay, down } = workspace.settings;
      if (delay > 0) {
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
      const path = rest.map(decodeURIComponent).join('/');
      return down ? { status: 503, body: 'service_unavailable' } : answer({ ...request }, kind, path);
    },
  };
};
