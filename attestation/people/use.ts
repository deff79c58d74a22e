import { at, isRecord, text, time } from '../../notifier/events/read';
import { oneLine } from '../../notifier/message/escape';
import type { DetectionMark, EventBridgeEvent } from '../../notifier/queue';
import type { Person } from '../record/content';
import type { AttestationSettings } from '../settings';
import { type LeftOut, personIn } from './names';

/** A use of a privilege, read from a message of the queue. */
export interface Use {
  readonly event: string;
  readonly time: Date;
  readonly person: Person;
  /** The event tells an id of IAM Identity Center, and nothing of the person. */
  readonly nameless: boolean;
  readonly root: boolean;
  readonly account: string;
  readonly region: string;
  readonly role?: string;
  readonly by: string;
  /** The alert's own words, for follow-ups. */
  readonly mark: DetectionMark;
  readonly alert: EventBridgeEvent;
}

/** A message that is no use. */
export interface NoUse {
  readonly leftOut: LeftOut;
  readonly event?: string;
}

/**
 * Reads a message `{ detection, event }` as the alert queue has it: who used which privilege where. Everything in it is
 * hostile.
 */
export function readUse(body: unknown, settings: Pick<AttestationSettings, 'people' | 'accounts'>): Use | NoUse {
  const record = at(body, 'event', 'detail');
  const event = short(text(record, 'eventID'), 100);
  const id = text(body, 'detection', 'id');
  if (!isRecord(record) || event === undefined || id === undefined) {
    return { leftOut: 'unreadable', event };
  }
  if (failed(record)) {
    return { leftOut: 'failed', event };
  }
  const { account, role } = placeOf(record, at(body, 'event'));
  const accounts = new Set(settings.accounts.map((known) => known.id));
  const found = personIn(record, { people: settings.people, accounts, account });
  if ('leftOut' in found) {
    return { leftOut: found.leftOut, event };
  }
  return {
    event,
    time: time(record, 'eventTime') ?? time(at(body, 'event'), 'time') ?? new Date(0),
    person: 'person' in found ? found.person : found.nameless,
    nameless: 'nameless' in found,
    root: text(record, 'userIdentity', 'type') === 'Root',
    account,
    region: short(text(record, 'awsRegion'), 40) ?? '',
    role,
    by: short(text(record, 'eventName'), 100) ?? '',
    mark: at(body, 'detection') as DetectionMark,
    alert: kept(at(body, 'event')),
  };
}

/** One line without what cannot be seen, cut. */
function short(value: string | undefined, length: number): string | undefined {
  return value === undefined ? undefined : oneLine(value).slice(0, length) || undefined;
}

/** A refused attempt is no use; what root tried is looked at all the same. */
function failed(record: unknown): boolean {
  const refused = text(record, 'errorCode') !== undefined && text(record, 'userIdentity', 'type') !== 'Root';
  return refused || text(record, 'responseElements', 'ConsoleLogin') === 'Failure';
}

/** Where: the role's own account, whatever account reports it. */
function placeOf(record: unknown, envelope: unknown): { readonly account: string; readonly role?: string } {
  const taken = text(record, 'eventSource') === 'sts.amazonaws.com' && text(record, 'requestParameters', 'roleArn');
  const signedIn =
    text(record, 'eventName') === 'ConsoleLogin' &&
    text(record, 'userIdentity', 'sessionContext', 'sessionIssuer', 'arn');
  const arn = taken || signedIn || undefined;
  const [, , , , ofArn] = arn?.split(':') ?? [];
  const reported = text(record, 'recipientAccountId') ?? text(envelope, 'account') ?? '';
  const account =
    text(record, 'serviceEventDetails', 'account_id') ?? (/^\d{12}$/.test(ofArn ?? '') ? ofArn : reported);
  const role = text(record, 'serviceEventDetails', 'role_name') ?? arn?.split('/').at(-1);
  return { account: /^\d{12}$/.test(account ?? '') ? (account as string) : '', role: short(role, 128) };
}

const secret =
  /^(responseElements|credentials|sessionToken|secretAccessKey|password|.*assertion|webIdentityToken|.*token|authCode|secret.*|privateKey)$/i;

/** Longest event that is kept whole: DynamoDB takes items of 400 KB. */
const longestEvent = 100_000;
const identifying =
  'eventVersion eventID eventTime eventSource eventName eventType awsRegion sourceIPAddress recipientAccountId userIdentity'.split(
    ' ',
  );

/** The alert's event, for follow-ups: without credentials, and of one that is too long what identifies it. */
function kept(event: unknown): EventBridgeEvent {
  const whole = withoutSecrets(event) as EventBridgeEvent;
  if (JSON.stringify(whole).length <= longestEvent) {
    return whole;
  }
  const detail = Object.fromEntries(identifying.map((name) => [name, at(whole, 'detail', name)]));
  return { ...whole, resources: [], detail };
}

/** A copy without what could be a credential, at most so deep. */
function withoutSecrets(value: unknown, depth = 0): unknown {
  if (depth > 12) {
    return undefined;
  }
  if (Array.isArray(value)) {
    return value.slice(0, 100).map((inner) => withoutSecrets(inner, depth + 1) ?? null);
  }
  if (!isRecord(value)) {
    return typeof value === 'string' ? value.slice(0, 2_048) : beyondJson(value) ? null : value;
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) =>
      secret.test(name) ? [] : [[name, withoutSecrets(inner, depth + 1)]],
    ),
  );
}

/** `1e999` parses as an infinite number, which JSON cannot say again. */
function beyondJson(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value);
}
