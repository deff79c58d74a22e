import { randomBytes } from 'node:crypto';
import { elementsOf, withIds } from './identity';
import { type Arguments, type Method, SlackRefusal } from './refusal';
import { viewProblem } from './viewRules';
import type { Workspace } from './workspace';

type Json = Record<string, unknown>;

/** A view on somebody's screen. */
export interface OpenView {
  readonly id: string;
  /** Whose screen it is. */
  readonly user: string;
  readonly rootId: string;
  readonly previousId?: string;
  hash: string;
  /** As the app gave it, with ids. */
  given: Json;
  /** What its inputs hold, by `block_id` and `action_id`. */
  values: Record<string, Record<string, Json>>;
}

const pushLimit = 3;

function newHash(workspace: Workspace): string {
  return `${Math.floor(workspace.now().getTime() / 1000)}.${randomBytes(4).toString('hex')}`;
}

function checked(view: unknown): Json {
  const problem = viewProblem(view);
  if (problem) {
    const { code, messages } = problem;
    throw new SlackRefusal(code, messages.length > 0 ? { response_metadata: { messages } } : {});
  }
  return view as Json;
}

/** What an input holds before anybody touched it. */
function initialValue(element: Json): Json {
  const type = String(element.type);
  if (/text_input$|^number_input$/.test(type)) {
    return { type, value: element.initial_value ?? null };
  }
  if (type === 'checkboxes' || type.startsWith('multi_static')) {
    return { type, selected_options: element.initial_options ?? [] };
  }
  if (type === 'users_select') {
    return { type, selected_user: element.initial_user ?? null };
  }
  if (type === 'datepicker') {
    return { type, selected_date: element.initial_date ?? null };
  }
  return { type, selected_option: element.initial_option ?? null };
}

/** The state that a new view starts with; what it has in common with its former self stays. */
function valuesOf(blocks: readonly Json[], before: OpenView['values'] = {}): OpenView['values'] {
  const values: OpenView['values'] = {};
  for (const block of blocks) {
    for (const element of elementsOf(block).filter(({ type }) => type !== 'button' && type !== 'overflow')) {
      const [blockId, actionId] = [String(block.block_id), String(element.action_id)];
      values[blockId] = {
        ...values[blockId],
        [actionId]: before[blockId]?.[actionId] ?? initialValue(element),
      };
    }
  }
  return values;
}

/** A view as answers and payloads show it. */
export function shownView(workspace: Workspace, view: OpenView): Json {
  const { given } = view;
  return {
    id: view.id,
    team_id: workspace.team.id,
    type: given.type,
    blocks: given.blocks,
    private_metadata: given.private_metadata ?? '',
    callback_id: given.callback_id ?? '',
    state: { values: view.values },
    hash: view.hash,
    title: given.title,
    clear_on_close: given.clear_on_close ?? false,
    notify_on_close: given.notify_on_close ?? false,
    close: given.close ?? null,
    submit: given.submit ?? null,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: workspace.app.id,
    external_id: given.external_id ?? '',
    app_installed_team_id: workspace.team.id,
    bot_id: workspace.bot.id,
  };
}

function log(workspace: Workspace, kind: string, view: OpenView, trigger?: unknown): Json {
  const shown = shownView(workspace, view);
  workspace.views.push({ kind, trigger_id: trigger, user: view.user, time: workspace.time(), view: shown });
  return shown;
}

/** Puts a view on somebody's screen, over `previous` if there is one. @throws SlackRefusal */
export function placeView(workspace: Workspace, user: string, given: unknown, previous?: OpenView): OpenView {
  const view = checked(given);
  const external = view.external_id;
  if (external && [...workspace.openViews.values()].some((one) => one.given.external_id === external)) {
    throw new SlackRefusal('duplicate_external_id');
  }
  const id = `V${randomBytes(5).toString('hex').toUpperCase()}`;
  const blocks = withIds(view.blocks, id);
  const placed: OpenView = {
    id,
    user,
    rootId: previous?.rootId ?? id,
    previousId: previous?.id,
    hash: newHash(workspace),
    given: { ...view, blocks },
    values: valuesOf(blocks),
  };
  workspace.openViews.set(id, placed);
  return placed;
}

/** Puts another content into a view that is open. @throws SlackRefusal */
export function replaceView(workspace: Workspace, view: OpenView, given: unknown): void {
  const next = checked(given);
  const blocks = withIds(next.blocks, view.id);
  view.values = valuesOf(blocks, view.values);
  view.given = { ...next, blocks };
  view.hash = newHash(workspace);
}

/** The views of one stack, lowest first. */
export function stackOf(workspace: Workspace, view: OpenView): OpenView[] {
  return [...workspace.openViews.values()].filter((one) => one.rootId === view.rootId);
}

function open(kind: 'open' | 'push'): Method {
  return (workspace, input) => {
    checked(input.view);
    if (typeof input.trigger_id !== 'string') {
      const messages = ['[ERROR] missing required field: trigger_id'];
      throw new SlackRefusal('invalid_arguments', { response_metadata: { messages } });
    }
    const trigger = workspace.tickets.exchange(input.trigger_id, workspace.settings.triggerLife);
    if (typeof trigger === 'string') {
      throw new SlackRefusal(trigger);
    }
    const previous = kind === 'push' ? workspace.openViews.get(trigger.viewId ?? '') : undefined;
    if (kind === 'push' && !previous) {
      throw new SlackRefusal('not_found');
    }
    if (previous && stackOf(workspace, previous).length >= pushLimit) {
      throw new SlackRefusal('push_limit_reached');
    }
    const view = placeView(workspace, trigger.user, input.view, previous);
    return { view: log(workspace, kind, view, input.trigger_id) };
  };
}

function find(workspace: Workspace, input: Arguments): OpenView | undefined {
  return input.view_id !== undefined
    ? workspace.openViews.get(String(input.view_id))
    : [...workspace.openViews.values()].find((one) => one.given.external_id === input.external_id);
}

/** `views.*` */
export const viewMethods: Record<string, Method> = {
  'views.open': open('open'),
  'views.push': open('push'),
  'views.update': (workspace, input) => {
    checked(input.view);
    if (input.view_id === undefined && input.external_id === undefined) {
      throw new SlackRefusal('invalid_arguments');
    }
    const view = find(workspace, input);
    if (!view) {
      throw new SlackRefusal('not_found');
    }
    if (input.hash && input.hash !== view.hash) {
      throw new SlackRefusal('hash_conflict');
    }
    replaceView(workspace, view, input.view);
    return { view: log(workspace, 'update', view) };
  },
  'views.publish': (workspace, input) => {
    const user = workspace.user(input.user_id);
    if (!user) {
      throw new SlackRefusal('invalid_arguments');
    }
    for (const [id, one] of workspace.openViews) {
      if (one.user === user.id && one.given.type === 'home') {
        workspace.openViews.delete(id);
      }
    }
    return { view: log(workspace, 'publish', placeView(workspace, user.id, input.view)) };
  },
};
