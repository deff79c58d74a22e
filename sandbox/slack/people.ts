import { randomBytes } from 'node:crypto';
import { type Method, SlackRefusal } from './refusal';
import type { SlackUser, Workspace } from './workspace';

function described(workspace: Workspace, user: SlackUser) {
  return {
    id: user.id,
    team_id: workspace.team.id,
    name: user.name,
    deleted: user.deleted ?? false,
    real_name: user.real_name ?? user.name,
    is_bot: false,
    profile: { email: user.email, real_name: user.real_name ?? user.name, display_name: user.name },
  };
}

function openView(kind: string): Method {
  return (workspace, input) => {
    if (typeof input.trigger_id !== 'string' && kind !== 'update') {
      throw new SlackRefusal('invalid_arguments');
    }
    if (typeof input.view !== 'object' || input.view === null) {
      throw new SlackRefusal('invalid_arguments');
    }
    const id = kind === 'update' ? input.view_id : undefined;
    const view = {
      id: id ?? `V${randomBytes(5).toString('hex').toUpperCase()}`,
      team_id: workspace.team.id,
      ...input.view,
    };
    workspace.views.push({ kind, trigger_id: input.trigger_id, time: workspace.time(), view });
    return { view };
  };
}

/** `users.*`, `usergroups.*`, `views.*`, `reactions.*` */
export const personMethods: Record<string, Method> = {
  'users.lookupByEmail': (workspace, input) => {
    const wanted = String(input.email ?? '').toLowerCase();
    const user = workspace.settings.users.find((one) => one.email.toLowerCase() === wanted && !one.deleted);
    if (!user) {
      throw new SlackRefusal('users_not_found');
    }
    return { user: described(workspace, user) };
  },
  'users.info': (workspace, input) => {
    const user = workspace.user(input.user);
    if (!user) {
      throw new SlackRefusal('user_not_found');
    }
    return { user: described(workspace, user) };
  },
  'users.list': (workspace) => ({
    members: workspace.settings.users.map((user) => described(workspace, user)),
    response_metadata: { next_cursor: '' },
  }),
  'usergroups.list': (workspace) => ({ usergroups: workspace.settings.usergroups }),
  'usergroups.users.list': (workspace, input) => {
    const group = workspace.settings.usergroups.find((one) => one.id === input.usergroup);
    if (!group) {
      throw new SlackRefusal('no_such_subteam');
    }
    return { users: group.users };
  },
  'views.open': openView('open'),
  'views.push': openView('push'),
  'views.update': openView('update'),
  'views.publish': (workspace, input) => {
    const view = { ...(input.view as object), id: `V${randomBytes(5).toString('hex').toUpperCase()}` };
    workspace.views.push({ kind: 'publish', user: input.user_id, time: workspace.time(), view });
    return { view };
  },
  'reactions.add': (workspace, input) => {
    const { channel, timestamp, name } = input as Record<'channel' | 'timestamp' | 'name', string>;
    if (!workspace.messages.some((one) => one.ts === timestamp)) {
      throw new SlackRefusal('message_not_found');
    }
    if (workspace.reactions.some((one) => one.timestamp === timestamp && one.name === name)) {
      throw new SlackRefusal('already_reacted');
    }
    workspace.reactions.push({ channel, timestamp, name });
    return {};
  },
};
