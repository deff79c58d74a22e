import type { SlackMessage, SlackUser, Workspace } from './workspace';

/** What somebody at the control endpoints asks a person of the workspace to do. */
export type Wish = Record<string, unknown>;

/** The person cannot do that: said with an HTTP status to whoever asked. */
export class ControlError extends Error {
  override readonly name = 'ControlError';

  constructor(
    message: string,
    readonly status = 400,
    readonly members: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** Who acts: by id, name or e-mail. @throws ControlError */
export function actor(workspace: Workspace, wish: Wish): SlackUser {
  const { user } = wish;
  const found = workspace.settings.users.find((one) => [one.id, one.name, one.email].includes(String(user)));
  if (!found || found.deleted) {
    throw new ControlError(`there is no user ${String(user)} (name one by id, name or e-mail)`, 404);
  }
  return found;
}

/** The people's part of every interaction. */
export function userPart(workspace: Workspace, user: SlackUser) {
  return { id: user.id, username: user.name, name: user.name, team_id: workspace.team.id };
}

/** What every interaction begins with. */
export function interactionHead(workspace: Workspace, type: string, user: SlackUser) {
  const { team, app } = workspace;
  return {
    type,
    user: userPart(workspace, user),
    api_app_id: app.id,
    token: app.verificationToken,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Messages that a person sees, newest first. */
export function visibleMessages(workspace: Workspace, user: SlackUser): SlackMessage[] {
  return workspace.messages
    .filter((message) => {
      const channel = workspace.channel(message.channel);
      const forMe = message.ephemeralTo === undefined || message.ephemeralTo === user.id;
      return channel !== undefined && workspace.isIn(channel, user.id) && forMe;
    })
    .reverse();
}
