import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Ignored } from './alert';
import { deliver } from './delivery';
import { type ParsedBody, parseBody } from './events/parse';
import type { Resting } from './failing';
import type { DeliveryTools, Order } from './order';
import { receivesOf } from './receives';
import { decide } from './routes';
import { rankOf } from './severity';
import { recordFinding } from './state/findings';
import { criticalIsWaiting } from './state/outage';
import { DeliveryError } from './transports/errors';

export interface ProcessTools extends DeliveryTools {
  /** Hides a message for so many seconds; its failure is not the caller's. */
  readonly hide: (record: SQSRecord, seconds: number) => Promise<void>;
  /** Between 0 and 1. */
  readonly chance: () => number;
  /** Milliseconds that remain to this invocation. */
  readonly remaining: () => number;
}

interface Work extends ParsedBody {
  readonly record: SQSRecord;
}

/** Below this no new message is begun: an attempt may take its whole timeout. */
const needed = 15_000;

/** Handles a batch. Messages that have to come again are in the answer; none is ever dropped for want of a destination. */
export async function processBatch(event: SQSEvent, tools: ProcessTools): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  const work: Work[] = [];
  for (const record of event.Records) {
    const parsed = parse(record, tools);
    if (parsed === undefined) {
      failed.push(record.messageId);
    } else if ('ignored' in parsed) {
      tools.log('info', 'message.ignored', { message: record.messageId, why: parsed.ignored });
      if (parsed.ignored === 'selfTest') {
        await tools.more().selfTest(tools);
      }
    } else {
      work.push({ record, ...parsed });
    }
  }
  const resting: Resting = new Map();
  for (const item of work.sort((one, other) => urgency(other) - urgency(one))) {
    if (!(await handle(item, resting, tools))) {
      failed.push(item.record.messageId);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

/** The more severe first, and an alert before what is said under it. */
function urgency({ alert, followUp }: Work): number {
  return rankOf(alert.band) + (followUp ? 0 : 0.5);
}

function parse(record: SQSRecord, tools: ProcessTools): ParsedBody | Ignored | undefined {
  try {
    return parseBody(record.body, tools.more);
  } catch (error) {
    tools.more().unreadable(error, record, tools);
    return undefined;
  }
}

/** True when the message is done with. */
async function handle(
  { record, alert, event, followUp }: Work,
  resting: Resting,
  tools: ProcessTools,
): Promise<boolean> {
  const decision = followUp
    ? tools.more().decideFollowUp(followUp, alert, tools.context, tools.now())
    : decide(alert, tools.context, tools.now());
  if (decision.kind !== 'send') {
    tools.log('info', `alert.${decision.kind}`, {
      alert: alert.id,
      ...('route' in decision ? { route: decision.route } : {}),
    });
    const days = tools.context.settings.recordDays;
    await recordFinding(tools.table, alert, { as: decision.kind, now: tools.now(), days }).catch(() => undefined);
    return true;
  }
  const counted = alert.threshold === undefined || followUp ? alert : await tools.more().countOne(alert, record, tools);
  if (counted === undefined || counted === 'again') {
    return counted === undefined;
  }
  return everywhere({ alert: counted, event, followUp, decision, owner: record.messageId }, record, resting, tools);
}

/** True when every destination is done with the message; else it comes again, for those that are not. */
async function everywhere(
  work: Omit<Order, 'destination'>,
  record: SQSRecord,
  resting: Resting,
  tools: ProcessTools,
): Promise<boolean> {
  const pauses: (number | undefined)[] = [];
  for (const destination of work.decision.destinations) {
    pauses.push(await attempt({ ...work, destination }, record, resting, tools));
  }
  const again = pauses.filter((pause): pause is number => pause !== undefined);
  if (again.length === 0) {
    return true;
  }
  await tools.hide(record, Math.min(...again));
  return false;
}

/** Seconds after which the message has to come again; `undefined` when it need not. */
async function attempt(
  order: Order,
  record: SQSRecord,
  resting: Resting,
  tools: ProcessTools,
): Promise<number | undefined> {
  const { alert, destination, followUp } = order;
  const ids = { alert: alert.id, followUp: followUp?.id, message: record.messageId, destination };
  const receives = receivesOf(record);
  try {
    const held = await heldBack(order, receives, tools);
    if (held !== undefined) {
      tools.log('info', 'alert.waits', { ...ids, seconds: held });
      return held;
    }
    const rested = restful(destination, resting, tools);
    const delivered = followUp ? tools.more().deliverFollowUp(order, followUp, rested) : deliver(order, rested);
    const outcome = await delivered.catch(async (error: unknown) =>
      tools.more().withoutTable(error, order, receives, tools),
    );
    if (outcome.kind === 'later') {
      return tools.more().pauseFor(outcome, receives, alert.band, tools.chance());
    }
    tools.log('info', `alert.${outcome.as}`, ids);
    return undefined;
  } catch (error) {
    return tools.more().failed(error, order, record, resting, tools);
  }
}

async function heldBack(
  { alert, destination }: Order,
  receives: number,
  tools: ProcessTools,
): Promise<number | undefined> {
  if (tools.remaining() < needed) {
    return 1;
  }
  return alert.band !== 'Critical' &&
    (await criticalIsWaiting(tools.table, destination, tools.now()).catch(() => false))
    ? tools.more().pauseAfter(receives, alert.band, tools.chance())
    : undefined;
}

/** A destination that rests is not asked; what goes into a digest goes there even so. */
function restful(name: string, resting: Resting, tools: ProcessTools): ProcessTools {
  const pause = resting.get(name);
  const destination = () => Promise.reject(new DeliveryError('rateLimited', 'resting', pause));
  return pause === undefined ? tools : { ...tools, destination };
}
