import { actor, ControlError, interactionHead, visibleMessages, type Wish } from './acting';
import type { Delivery } from './app';
import { elementsOf, withIds } from './identity';
import { send } from './send';
import { shown } from './shown';
import { type OpenView, shownView } from './views';
import type { SlackMessage, SlackUser, Workspace } from './workspace';

type Json = Record<string, unknown>;

interface Found {
  readonly element: Json;
  readonly blockId: string;
  /** Number of the attachment that holds it, from 1. */
  readonly attachment?: number;
}

function inBlocks(blocks: readonly Json[], wish: Wish): Found | undefined {
  for (const block of blocks) {
    const element = elementsOf(block).find(
      (one) =>
        one.action_id === wish.action_id &&
        (wish.block_id === undefined || wish.block_id === block.block_id) &&
        (wish.value === undefined || one.type !== 'button' || one.value === wish.value),
    );
    if (element) {
      return { element, blockId: String(block.block_id) };
    }
  }
  return undefined;
}

function inMessage(message: SlackMessage, wish: Wish): Found | undefined {
  const direct = inBlocks(withIds(message.payload.blocks, message.ts), wish);
  if (direct) {
    return direct;
  }
  const attachments = Array.isArray(message.payload.attachments) ? (message.payload.attachments as Json[]) : [];
  for (const [index, { blocks }] of attachments.entries()) {
    const found = inBlocks(withIds(blocks, `${message.ts}/${index}`), wish);
    if (found) {
      return { ...found, attachment: index + 1 };
    }
  }
  return undefined;
}

/** What the person chose, as the element's type carries it. */
function choice(element: Json, wish: Wish): Json {
  const { type } = element;
  if (type === 'button') {
    return { text: element.text, ...(element.value === undefined ? {} : { value: element.value }) };
  }
  const options = (element.options ?? []) as { value: string }[];
  const chosen = options.find(({ value }) => value === wish.value);
  if (['static_select', 'overflow', 'radio_buttons'].includes(String(type)) && !chosen) {
    throw new ControlError(`there is no option ${String(wish.value)}`);
  }
  if (type === 'users_select') {
    return { selected_user: wish.value };
  }
  if (type === 'checkboxes') {
    const wanted = (wish.values ?? [wish.value]) as unknown[];
    return { selected_options: options.filter(({ value }) => wanted.includes(value)) };
  }
  return chosen ? { selected_option: chosen } : { value: wish.value };
}

function actionOf(workspace: Workspace, { element, blockId }: Found, wish: Wish): Json {
  const style = element.style === undefined ? {} : { style: element.style };
  return {
    action_id: element.action_id,
    block_id: blockId,
    type: element.type,
    ...choice(element, wish),
    ...style,
    action_ts: workspace.nextTs(),
  };
}

function payloadForMessage(workspace: Workspace, user: SlackUser, message: SlackMessage, found: Found): Json {
  const { ts, channel, channelName, thread_ts: threadTs } = message;
  const ephemeral = message.ephemeralTo !== undefined;
  const path = workspace.tickets.responsePath({ user: user.id, channel, ts, thread_ts: threadTs });
  return {
    container: {
      type: found.attachment === undefined ? 'message' : 'message_attachment',
      message_ts: ts,
      ...(found.attachment === undefined ? {} : { attachment_id: found.attachment, is_app_unfurl: false }),
      channel_id: channel,
      is_ephemeral: ephemeral,
      ...(threadTs ? { thread_ts: threadTs } : {}),
    },
    channel: { id: channel, name: channel.startsWith('D') ? 'directmessage' : channelName },
    ...(ephemeral ? {} : { message: shown(workspace, message, false) }),
    state: { values: {} },
    response_url: `${workspace.endpoint()}/_slack/${path}`,
  };
}

function where(workspace: Workspace, user: SlackUser, wish: Wish): { found: Found; place: Json; view?: OpenView } {
  if (wish.view_id !== undefined) {
    const view = workspace.openViews.get(String(wish.view_id));
    const found = view && inBlocks(view.given.blocks as Json[], wish);
    if (!view || view.user !== user.id || !found) {
      throw new ControlError(
        `${user.name} sees no element ${String(wish.action_id)} in view ${String(wish.view_id)}`,
        404,
      );
    }
    return { found, view, place: { container: { type: 'view', view_id: view.id }, view: shownView(workspace, view) } };
  }
  const seen = visibleMessages(workspace, user).filter(
    ({ ts, channel }) =>
      (wish.ts === undefined || wish.ts === ts) && (wish.channel === undefined || wish.channel === channel),
  );
  for (const message of seen) {
    const found = inMessage(message, wish);
    if (found) {
      return { found, place: payloadForMessage(workspace, user, message, found) };
    }
  }
  throw new ControlError(`${user.name} sees no message with an element ${String(wish.action_id)}`, 404);
}

/** Sends an interaction to the app. @throws ControlError when it has no request URL for them */
export async function sendInteraction(workspace: Workspace, payload: Json): Promise<Delivery> {
  const url = workspace.app.configuration.interactivityUrl;
  if (!url) {
    throw new ControlError('the app has no request URL for interactivity (POST /_slack/app)', 409);
  }
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const contentType = 'application/x-www-form-urlencoded';
  return (await send(workspace, { kind: 'interaction', url, contentType, body })).delivery;
}

/**
 * A person clicks: `{user, action_id, ts?, channel?, block_id?, value?, view_id?}`; the newest message that fits, unless
 * `ts` names one. Answers how the app took it; `warning` is what Slack shows the person when it did not.
 */
export async function click(workspace: Workspace, wish: Wish) {
  const user = actor(workspace, wish);
  const { found, place, view } = where(workspace, user, wish);
  const trigger = workspace.tickets.trigger(user.id, view?.id);
  const payload = {
    ...interactionHead(workspace, 'block_actions', user),
    trigger_id: trigger,
    ...place,
    actions: [actionOf(workspace, found, wish)],
  };
  const delivery = await sendInteraction(workspace, payload);
  const warning = delivery.failure ? { warning: 'This app responded with an error or not at all.' } : {};
  return { ...delivery, trigger_id: trigger, ...warning };
}
