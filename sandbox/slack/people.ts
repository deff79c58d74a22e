import { pageOf } from './page';
import { type Method, SlackRefusal } from './refusal';
import type { SlackUser, Workspace } from './workspace';

/** A person as the Web API shows one. */
export function describedUser(workspace: Workspace, user: SlackUser) {
  const { scopes } = workspace.settings;
  const email = !scopes || scopes.includes('users:read.email') ? { email: user.email } : {};
  const realName = user.real_name ?? user.name;
  return {
    id: user.id,
    team_id: workspace.team.id,
    name: user.name,
    deleted: user.deleted ?? false,
    color: '9f69e7',
    real_name: realName,
    tz: user.tz ?? 'Etc/UTC',
    tz_label: user.tz ?? 'Coordinated Universal Time',
    tz_offset: user.tz_offset ?? 0,
    profile: {
      ...email,
      real_name: realName,
      real_name_normalized: realName,
      display_name: user.name,
      display_name_normalized: user.name,
      team: workspace.team.id,
    },
    is_admin: user.is_admin ?? false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_bot: user.is_bot ?? false,
    is_app_user: false,
    is_email_confirmed: true,
    updated: 1_700_000_000,
  };
}

function botUser(workspace: Workspace) {
  const { user, name } = workspace.bot;
  return describedUser(workspace, { id: user, name, email: '', is_bot: true });
}

/** `users.*`, `bots.*`, `usergroups.*`, `team.*` */
export const personMethods: Record<string, Method> = {
  'users.lookupByEmail': (workspace, input) => {
    const wanted = String(input.email ?? '').toLowerCase();
    const user = workspace.settings.users.find((one) => one.email.toLowerCase() === wanted && !one.deleted);
    if (!user) {
      throw new SlackRefusal('users_not_found');
    }
    return { user: describedUser(workspace, user) };
  },
  'users.info': (workspace, input) => {
    if (input.user === workspace.bot.user) {
      return { user: botUser(workspace) };
    }
    const user = workspace.user(input.user);
    if (!user) {
      throw new SlackRefusal('user_not_found');
    }
    return { user: describedUser(workspace, user) };
  },
  'users.list': (workspace, input) => {
    const page = pageOf(workspace.settings.users, input, 'user');
    const members = page.items.map((user) => describedUser(workspace, user));
    return { members, cache_ts: Math.floor(workspace.now().getTime() / 1000), ...page.more };
  },
  'bots.info': (workspace, input) => {
    if (input.bot !== undefined && input.bot !== workspace.bot.id) {
      throw new SlackRefusal('bot_not_found');
    }
    return { bot: { ...workspace.botProfile(), user_id: workspace.bot.user, updated: 1_700_000_000 } };
  },
  'team.info': (workspace) => ({ team: workspace.team }),
  'usergroups.list': (workspace, input) => ({
    usergroups: workspace.settings.usergroups.map(({ users, ...group }) => ({
      team_id: workspace.team.id,
      is_usergroup: true,
      name: group.handle,
      description: '',
      date_delete: 0,
      user_count: users.length,
      ...group,
      ...(String(input.include_users) === 'true' ? { users } : {}),
    })),
  }),
  'usergroups.users.list': (workspace, input) => {
    const group = workspace.settings.usergroups.find((one) => one.id === input.usergroup);
    if (!group) {
      throw new SlackRefusal('no_such_subteam');
    }
    return { users: group.users };
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
