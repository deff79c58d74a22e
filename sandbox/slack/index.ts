import { afterwards } from '../common/delay';
import type { HttpRequest, HttpResponse, ServiceFactory } from '../core/service';
import { control } from './control';
import { receiveUpload } from './files';
import { callMethod } from './methods';
import { respond } from './responses';
import { incomingWebhook } from './webhook';
import { Workspace } from './workspace';

/**
 * A Slack workspace on the local organization's own port, under `/_slack/`: incoming webhooks (`services/…`), the Web
 * API (`api/…`), `response_url`s, and for tests and people what was received (`messages`, `views`, `deliveries`), what
 * the app is (`app`), what people do (`click`, `submit`, `command`, `say`, …) and how Slack misbehaves (`settings`).
 */
export const createSlack: ServiceFactory = (world) => {
  const workspace = new Workspace(
    () => world.now(),
    () => world.endpoint,
    (milliseconds, work) => afterwards(world, milliseconds, work),
  );
  const answer = (request: HttpRequest, kind: string, rest: string) => {
    switch (kind) {
      case 'services':
        return incomingWebhook(workspace, request, rest);
      case 'api':
        return callMethod(workspace, request, rest);
      case 'response':
        return respond(workspace, request, rest);
      case 'upload':
        return receiveUpload(workspace, request, rest);
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
    http: async (request): Promise<HttpResponse | 'drop' | undefined> => {
      const [, , kind = '', ...rest] = request.path.split('/');
      const known = await control(workspace, request, kind);
      if (known) {
        return known;
      }
      const { delay, down } = workspace.settings;
      if (delay > 0) {
        await new Promise((resolve) => setTimeout(resolve, delay));
      }
      const path = rest.map(decodeURIComponent).join('/');
      return down ? { status: 503, body: 'service_unavailable' } : answer(request, kind, path);
    },
  };
};
