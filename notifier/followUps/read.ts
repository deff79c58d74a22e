import type { KnownBlock } from '@slack/types';
import type { Alert, Ignored } from '../alert';
import { readEnvelope } from '../events/envelope';
import { at, isRecord, text } from '../events/read';
import type { FollowUp } from '../followUp';

/** A follow-up is not what `FollowUpBody` says. It stays in the queue, so that a person sees it. */
export class MalformedFollowUp extends Error {
  override readonly name = 'MalformedFollowUp';
  readonly code = 'notifier.followUp.malformed';
}

const longestText = 3_000;
const idPattern = /^[\w:-]{1,100}$/;
/** Channels, private channels, direct messages, and users, to whom Slack opens a direct message. */
const channelPattern = /^[CDGUW][A-Z0-9]{2,}$/;

/**
 * A follow-up with the alert to which it belongs. Whatever has become of its event (archived, say), it is said.
 *
 * @param read reads the alert's own body
 * @throws MalformedFollowUp
 */
export function parseFollowUp(
  body: Readonly<Record<string, unknown>>,
  read: (body: unknown) => Alert | Ignored,
): { readonly followUp: FollowUp; readonly alert: Alert } {
  const { detection, event } = body;
  const followUp = readFollowUp(body.followUp);
  if (text(event, 'source') === undefined || !isRecord(at(event, 'detail'))) {
    throw new MalformedFollowUp('A follow-up needs the event of its alert.');
  }
  const alert = read(isRecord(detection) ? { detection, event } : event);
  return { followUp, alert: 'ignored' in alert ? readEnvelope(event) : alert };
}

/**
 * A follow-up as the queue's body has it. Whether its blocks are within Slack's limits, Slack says: without them the text
 * says the same.
 *
 * @throws MalformedFollowUp
 */
function readFollowUp(value: unknown): FollowUp {
  const [id, written] = [text(value, 'id'), at(value, 'text')];
  if (id === undefined || !idPattern.test(id)) {
    throw new MalformedFollowUp('A follow-up needs an id of letters, digits, "-", "_" and ":".');
  }
  if (typeof written !== 'string' || written.trim() === '') {
    throw new MalformedFollowUp('A follow-up needs a text.');
  }
  const blocks = at(value, 'blocks');
  return {
    id,
    text: cut(written),
    blocks: Array.isArray(blocks) ? (blocks as KnownBlock[]) : undefined,
    channel: optional(value, 'channel', channelPattern),
    replaces: optional(value, 'replaces', idPattern),
    answerable: at(value, 'answerable') === true || undefined,
    alone: at(value, 'alone') === true || undefined,
  };
}

function optional(value: unknown, name: 'channel' | 'replaces', pattern: RegExp): string | undefined {
  const found = at(value, name);
  if (found !== undefined && (typeof found !== 'string' || !pattern.test(found))) {
    throw new MalformedFollowUp(`The follow-up's ${name} is not an id.`);
  }
  return found as string | undefined;
}

/** Visibly, and not in the middle of an entity or a surrogate pair. */
function cut(text: string): string {
  return text.length > longestText
    ? `${text.slice(0, longestText - 1).replace(/(&\w{0,3}|[\uD800-\uDBFF])$/, '')}…`
    : text;
}
