import { actor, ControlError, interactionHead, type Wish } from './acting';
import { sendInteraction } from './clicks';
import { elementsOf } from './identity';
import { SlackRefusal } from './refusal';
import { type OpenView, placeView, replaceView, shownView, stackOf } from './views';
import type { SlackUser, Workspace } from './workspace';

type Json = Record<string, unknown>;

const trouble = 'We had some trouble connecting. Try again?';

function viewOf(workspace: Workspace, user: SlackUser, wish: Wish): OpenView {
  const mine = [...workspace.openViews.values()].filter((one) => one.user === user.id && one.given.type === 'modal');
  const view = wish.view_id === undefined ? mine.at(-1) : mine.find(({ id }) => id === wish.view_id);
  if (!view) {
    throw new ControlError(`${user.name} has no modal open`, 404);
  }
  return view;
}

/** A value as the element's type keeps it. */
function typed(element: Json, value: unknown): Json {
  const options = (element.options ?? []) as { value: string }[];
  switch (element.type) {
    case 'static_select':
    case 'radio_buttons':
      return { selected_option: options.find((one) => one.value === value) ?? null };
    case 'checkboxes':
    case 'multi_static_select':
      return { selected_options: options.filter((one) => (value as unknown[]).includes(one.value)) };
    case 'users_select':
      return { selected_user: value };
    case 'datepicker':
      return { selected_date: value };
    default:
      return { value: value === '' ? null : value };
  }
}

/** Types values into the inputs: by `action_id`, or by `block_id` where two inputs share one. */
function fill(view: OpenView, given: Json): void {
  const left = new Set(Object.keys(given));
  for (const block of view.given.blocks as Json[]) {
    for (const element of elementsOf(block)) {
      const [blockId, actionId] = [String(block.block_id), String(element.action_id)];
      const name = [blockId, actionId].find((one) => left.has(one));
      const state = view.values[blockId]?.[actionId];
      if (name !== undefined && state) {
        Object.assign(state, typed(element, given[name]));
        left.delete(name);
      }
    }
  }
  if (left.size > 0) {
    throw new ControlError(`the modal has no input ${[...left].join(', ')}`);
  }
}

/** What Slack's own client says before it sends anything. */
function clientErrors(view: OpenView): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of (view.given.blocks as Json[]).filter(({ type }) => type === 'input')) {
    const element = block.element as Json;
    const id = String(block.block_id);
    const { type: _type, ...state } = view.values[id]?.[String(element.action_id)] ?? {};
    const value = Object.values(state)[0];
    const empty = value === null || value === undefined || (Array.isArray(value) && value.length === 0);
    if (empty && block.optional !== true) {
      errors[id] = 'Please complete this required field.';
    } else if (typeof value === 'string' && value.length > Number(element.max_length ?? 3000)) {
      errors[id] = `This must be at most ${Number(element.max_length ?? 3000)} characters.`;
    } else if (typeof value === 'string' && value.length < Number(element.min_length ?? 0)) {
      errors[id] = `This must be at least ${Number(element.min_length)} characters.`;
    }
  }
  return errors;
}

function closeAll(workspace: Workspace, view: OpenView): void {
  for (const one of stackOf(workspace, view)) {
    workspace.openViews.delete(one.id);
  }
}

/** Does what the app's answer to a submission says. */
function follow(workspace: Workspace, view: OpenView, answer: string | undefined): Json {
  const given = (answer?.trim() ? JSON.parse(answer) : {}) as Json;
  switch (given.response_action) {
    case undefined:
      workspace.openViews.delete(view.id);
      return { open: false };
    case 'clear':
      closeAll(workspace, view);
      return { open: false };
    case 'errors': {
      const inputs = (view.given.blocks as Json[]).filter(({ type }) => type === 'input').map((one) => one.block_id);
      const errors = given.errors as Json | undefined;
      const known = errors && Object.keys(errors).length > 0 && Object.keys(errors).every((id) => inputs.includes(id));
      return known ? { open: true, errors } : { open: true, warning: trouble };
    }
    case 'update':
      replaceView(workspace, view, given.view);
      return { open: true, view: shownView(workspace, view) };
    case 'push':
      return { open: true, view: shownView(workspace, placeView(workspace, view.user, given.view, view)) };
    default:
      return { open: true, warning: trouble };
  }
}

function followed(workspace: Workspace, view: OpenView, answer: string | undefined): Json {
  try {
    return follow(workspace, view, answer);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof SlackRefusal) {
      return { open: true, warning: trouble };
    }
    throw error;
  }
}

/**
 * A person fills in a modal and submits it: `{user, values, view_id?}`. Answers how the app took it: `open`, `errors` by
 * `block_id`, the `view` that came in its place, or the `warning` that Slack shows when the answer is no good.
 */
export async function submit(workspace: Workspace, wish: Wish) {
  const user = actor(workspace, wish);
  const view = viewOf(workspace, user, wish);
  fill(view, (wish.values ?? {}) as Json);
  const errors = clientErrors(view);
  if (Object.keys(errors).length > 0) {
    return { sent: false, open: true, errors };
  }
  const delivery = await sendInteraction(workspace, {
    ...interactionHead(workspace, 'view_submission', user),
    trigger_id: workspace.tickets.trigger(user.id, view.id),
    view: shownView(workspace, view),
    response_urls: [],
  });
  const outcome = delivery.failure ? { open: true, warning: trouble } : followed(workspace, view, delivery.answer);
  return { sent: true, ...delivery, ...outcome };
}

/** A person closes a modal: `{user, view_id?, all?}`; the app hears of it if it wants to. */
export async function close(workspace: Workspace, wish: Wish) {
  const user = actor(workspace, wish);
  const view = viewOf(workspace, user, wish);
  const payload = {
    ...interactionHead(workspace, 'view_closed', user),
    view: shownView(workspace, view),
    is_cleared: wish.all === true,
  };
  if (wish.all === true) {
    closeAll(workspace, view);
  } else {
    workspace.openViews.delete(view.id);
  }
  return view.given.notify_on_close === true ? sendInteraction(workspace, payload) : { sent: false };
}
