import type { HttpRequest, HttpResponse } from '../core/service';
import { ControlError, type Wish } from './acting';
import type { AppConfiguration } from './app';
import { click } from './clicks';
import { redeliver } from './events';
import { configurationOf, manifestErrors } from './manifest';
import { verifyUrl } from './send';
import { command, edit, say, unsay } from './speech';
import { close, submit } from './submissions';
import { shownView } from './views';
import type { SlackSettings, Workspace } from './workspace';

function json(status: number, value: unknown): HttpResponse {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

function read(request: HttpRequest): Wish {
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString('utf8') || '{}');
  } catch {
    throw new ControlError('the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ControlError('the body is not a JSON object');
  }
  return value as Wish;
}

function changeSettings(workspace: Workspace, given: Wish): SlackSettings {
  const unknown = Object.keys(given).filter((name) => !(name in workspace.settings));
  if (unknown.length > 0) {
    throw new ControlError(`unknown settings: ${unknown.join(', ')}`);
  }
  workspace.settings = { ...workspace.settings, ...(given as Partial<SlackSettings>) };
  return workspace.settings;
}

/** Puts in a person, group or channel, or changes the one with that id. */
function changePeople(workspace: Workspace, given: Wish) {
  const { settings } = workspace;
  for (const kind of ['users', 'usergroups', 'channels'] as const) {
    const list = new Map<string, { id: string }>(settings[kind].map((one) => [one.id, one]));
    for (const one of (given[kind] ?? []) as { id: string }[]) {
      list.set(one.id, { ...list.get(one.id), ...one });
    }
    Object.assign(settings, { [kind]: [...list.values()] });
  }
  const { users, usergroups, channels } = settings;
  return { users, usergroups, channels };
}

function describedApp({ app }: Workspace) {
  return { id: app.id, clientId: app.clientId, signingSecret: app.signingSecret, ...app.configuration };
}

/** From a manifest, or from addresses alone; `requestUrl` stands for all of them. */
function wantedConfiguration(workspace: Workspace, given: Wish): AppConfiguration {
  if (given.manifest !== undefined) {
    const errors = manifestErrors(given.manifest);
    if (errors.length > 0) {
      throw new ControlError('the manifest is not valid', 400, { errors });
    }
    const { configuration, scopes } = configurationOf(given.manifest as object);
    workspace.settings.scopes = scopes;
    return configuration;
  }
  const before = workspace.app.configuration;
  const url = given.requestUrl as string | undefined;
  const { commands } = given;
  return {
    interactivityUrl: (given.interactivityUrl as string | undefined) ?? url ?? before.interactivityUrl,
    eventsUrl: (given.eventsUrl as string | undefined) ?? url ?? before.eventsUrl,
    botEvents: (given.botEvents as string[] | undefined) ?? before.botEvents,
    commands: Array.isArray(commands)
      ? Object.fromEntries((commands as string[]).map((name) => [name, url ?? '']))
      : ((commands as Record<string, string> | undefined) ?? before.commands),
  };
}

/** Configures the app; Slack asks a new events URL whether it is the app's before it takes it. */
async function changeApp(workspace: Workspace, given: Wish) {
  const { app } = workspace;
  if (typeof given.signingSecret === 'string') {
    app.signingSecret = given.signingSecret;
  }
  const wanted = wantedConfiguration(workspace, given);
  const ask = wanted.eventsUrl && wanted.eventsUrl !== app.configuration.eventsUrl && given.verify !== false;
  const complaint = ask ? await verifyUrl(workspace, wanted.eventsUrl ?? '') : undefined;
  if (complaint) {
    throw new ControlError(complaint, 422);
  }
  app.configuration = wanted;
  return describedApp(workspace);
}

async function again(workspace: Workspace, wish: Wish) {
  const reason = String(wish.reason ?? 'http_timeout');
  if (!(await redeliver(workspace, String(wish.event_id), Number(wish.retry ?? 1), reason))) {
    throw new ControlError(`no event ${String(wish.event_id)} was sent`, 404);
  }
  return workspace.app.deliveries.at(-1);
}

type Action = (workspace: Workspace, wish: Wish) => unknown;

const reading: Readonly<Record<string, (workspace: Workspace) => unknown>> = {
  messages: ({ messages }) => messages,
  views: ({ views }) => views,
  modals: (workspace) =>
    [...workspace.openViews.values()].map((view) => ({ user: view.user, ...shownView(workspace, view) })),
  settings: ({ settings }) => settings,
  people: (workspace) => changePeople(workspace, {}),
  app: describedApp,
  deliveries: ({ app }) => app.deliveries,
};

const acting: Readonly<Record<string, Action>> = {
  settings: changeSettings,
  people: changePeople,
  app: changeApp,
  click,
  submit,
  close,
  command,
  say,
  edit,
  unsay,
  redeliver: again,
};

/** What the local Slack has received and how it behaves, and what its people do: for tests, and for people. */
export async function control(
  workspace: Workspace,
  request: HttpRequest,
  what: string,
): Promise<HttpResponse | undefined> {
  if (request.method === 'GET') {
    const look = reading[what];
    return look && json(200, look(workspace));
  }
  if (request.method === 'DELETE' && what === 'messages') {
    workspace.clear();
    return json(200, []);
  }
  const act = request.method === 'POST' || request.method === 'PATCH' ? acting[what] : undefined;
  if (!act) {
    return undefined;
  }
  try {
    return json(200, await act(workspace, read(request)));
  } catch (error) {
    if (error instanceof ControlError) {
      return json(error.status, { error: error.message, ...error.members });
    }
    throw error;
  }
}
