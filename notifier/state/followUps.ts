import { epochSeconds } from '../epoch';
import type { FollowUp } from '../followUp';
import type { Receipt, Thread } from '../transports/destination';
import type { AlertTable, Item } from './table';

/** Where a follow-up was said. */
export interface SaidFollowUp {
  readonly message: Thread;
  /** The thread in which it was said, or that begins with it. */
  readonly thread: Thread;
  /** Its message also says which alert it belongs to, as it does not stand under it. */
  readonly about: boolean;
}

/** The word for a follow-up where alerts have their id: in keys of the table and in Slack's metadata. */
export function followUpKey(id: string): string {
  return `follow-up:${id}`;
}

/** Where an earlier follow-up stands at a destination; `undefined` where it cannot be changed, or was never said. */
export async function saidFollowUp(
  table: AlertTable,
  id: string,
  destination: string,
): Promise<SaidFollowUp | undefined> {
  const { channel, ts, thread, about }: Partial<Item> = (await table.get(atDestination(id, destination))) ?? {};
  return typeof channel === 'string' && typeof ts === 'string' && typeof thread === 'string'
    ? { message: { channel, ts }, thread: { channel, ts: thread }, about: about === true }
    : undefined;
}

/** Notes where a follow-up was said, for whoever wrote it (see `FollowUp.answerable`) and for those that replace it. */
export async function recordFollowUp(
  table: AlertTable,
  followUp: FollowUp,
  said: {
    readonly destination: string;
    readonly receipt: Receipt;
    readonly thread?: Thread;
    readonly about: boolean;
    readonly now: Date;
    readonly days: number;
  },
): Promise<void> {
  const { channel, ts } = said.receipt;
  const thread = said.thread?.ts ?? ts;
  const expiresAt = epochSeconds(said.now) + said.days * 86_400;
  const { destination, about } = said;
  const item = { followUp: followUp.id, destination, channel, ts, thread, about, expiresAt };
  await table.put({ id: atDestination(followUp.id, destination), ...item });
  const key = followUpKey(followUp.id);
  // Of several destinations the one where messages can be answered counts.
  if (ts !== undefined || (await table.get(key)) === undefined) {
    await table.put({ id: key, ...item });
  }
  if (followUp.answerable === true && channel !== undefined && thread !== undefined) {
    await table.put({ id: `answers:${channel}:${thread}`, followUp: followUp.id, expiresAt });
  }
}

function atDestination(id: string, destination: string): string {
  return `${followUpKey(id)}#${destination}`;
}
