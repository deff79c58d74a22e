import type { KnownBlock } from '@slack/types';
import { mrkdwn } from '../../notifier/message/escape';
import { attestationWords } from '../words';
import { late, within } from './budget';
import { isFirst } from './once';
import { type ClickBody, clicker, placeOf } from './place';
import type { BotTools, Decision } from './tools';

/** A click on a response that waits for approval. */
export interface DecisionBody extends ClickBody {
  readonly message?: ClickBody['message'] & {
    readonly text?: string;
    readonly blocks?: readonly KnownBlock[];
  };
}

type Deciding = Pick<BotTools, 'slack' | 'table' | 'now' | 'log' | 'settings'> & Required<Pick<BotTools, 'decide'>>;

/** A second click of the same person within so many seconds is the same click. */
const doubleClickSeconds = 60;
const updateMilliseconds = 900;

/**
 * Passes a decision on, once, and writes into the message who decided. The message first: what the responders say of
 * it comes later, and must not be written over.
 *
 * @throws when the decision could not be passed on: whoever clicked has to click again
 */
export async function passOn(
  body: DecisionBody,
  response: string,
  action: Decision['decision']['action'],
  tools: Deciding,
): Promise<void> {
  const { id, name = '' } = clicker(body);
  const now = tools.now();
  const key = `decision:${response}:${action}:${id}`;
  if (!(await isFirst(tools.table, key, doubleClickSeconds, now))) {
    return;
  }
  await within(updateMilliseconds, sayWho(body, action, tools)).then(
    (result) => result === late && tools.log('warning', 'bot.decision.unshown', { reason: 'late' }),
    () => tools.log('warning', 'bot.decision.unshown', { reason: 'refused' }),
  );
  const person = { id, name: name.slice(0, 80) };
  try {
    await tools.decide({ decision: { response, action, person, at: now.toISOString() } });
  } catch (error) {
    // So that the next click counts.
    await tools.table.put({ id: key, expiresAt: 0 });
    throw error;
  }
}

/** The message as it was, with who decided in the place of the buttons. */
async function sayWho(
  body: DecisionBody,
  action: Decision['decision']['action'],
  { slack, now, settings }: Deciding,
): Promise<void> {
  const { message } = body;
  const place = placeOf(body);
  const ts = body.container?.message_ts ?? message?.ts;
  if (message === undefined || place === undefined || ts === undefined) {
    return;
  }
  const time = Math.floor(now().getTime() / 1_000);
  const date = `<!date^${time}^{date_short_pretty} {time_secs}|${now().toISOString()}>`;
  const icon = action === 'approve' ? ':white_check_mark:' : ':no_entry_sign:';
  const who = `${icon} ${attestationWords(settings).decided(action, `<@${mrkdwn(clicker(body).id, 30)}>`)}, ${date}`;
  const rest = (message.blocks ?? []).filter((block) => !asksForDecision(block));
  const blocks: KnownBlock[] = [...rest, { type: 'context', elements: [{ type: 'mrkdwn', text: who }] }];
  await slack((client) => client.chat.update({ channel: place.channel, ts, text: message.text ?? '', blocks }));
}

function asksForDecision(block: KnownBlock): boolean {
  return (
    block.type === 'actions' &&
    block.elements.some((element) => ['respond_approve', 'respond_decline'].includes(element.action_id ?? ''))
  );
}
