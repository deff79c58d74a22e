import {
  alertRecordKey,
  type InteractionContext,
  jsonView,
  readAlertRecord,
  silenceAnswer,
  silenceView,
} from '../../notifier/interaction';
import { late, within } from './budget';
import type { Submitted } from './forms';
import type { ClickBody } from './place';
import type { BotTools } from './tools';

/** What a submitted form is answered with. */
type SilenceAcknowledgement =
  | { readonly response_action: 'update'; readonly view: ReturnType<typeof jsonView> }
  | { readonly response_action: 'errors'; readonly errors: Readonly<Record<string, string>> };

/** A click's trigger lives for three seconds. */
const lookMilliseconds = 1_200;

/** The alert table did not answer in time. */
class AlertUnread extends Error {
  override readonly name = 'AlertUnread';
}

function contextOf({ settings }: BotTools): InteractionContext {
  return { language: settings.language, configurationUrl: settings.configurationUrl };
}

/** Opens the window with an alert's JSON. Rejects when it cannot. */
export async function openJson(body: ClickBody, alertId: string, tools: BotTools): Promise<void> {
  const item = await within(lookMilliseconds, tools.alerts.get(alertRecordKey(alertId)));
  if (item === late) {
    throw new AlertUnread();
  }
  const live = item !== undefined && item.expiresAt > tools.now().getTime() / 1_000 ? item : undefined;
  const view = jsonView(readAlertRecord(live), contextOf(tools));
  await tools.slack((client) => client.views.open({ trigger_id: body.trigger_id ?? '', view }));
}

/** Opens the form for a silence, if the button's value is one of ours. Rejects with `DeliveryError`. */
export async function openSilence(body: ClickBody, value: string, tools: BotTools): Promise<void> {
  const view = silenceView(value, contextOf(tools), tools.now());
  if (view !== undefined) {
    await tools.slack((client) => client.views.open({ trigger_id: body.trigger_id ?? '', view }));
  }
}

/** The lines for `garrison.yaml`, or what is wrong with the form; nothing for a form that is none of ours. */
export function submitSilence(view: Submitted, tools: BotTools): SilenceAcknowledgement | undefined {
  const answer = silenceAnswer(view, contextOf(tools), tools.now());
  switch (answer?.kind) {
    case 'view':
      return { response_action: 'update', view: answer.view };
    case 'errors':
      return { response_action: 'errors', errors: answer.errors };
    case undefined:
      return undefined;
  }
}
