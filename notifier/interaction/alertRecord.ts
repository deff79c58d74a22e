import { gunzipSync, gzipSync } from 'node:zlib';
import { isCloudTrailRecord } from '../events/cloudtrail';
import { at, isRecord } from '../events/read';

/** What is kept of an alert's event for whoever clicks on "Finding JSON": an item of the alert table. */
export interface AlertRecord {
  /** What the alert is called: finding type, or id of the detection. */
  readonly type: string;
  readonly accountId: string;
  /** Address of the console's page, in the account at fault. */
  readonly console?: string;
  /** JSON of the finding or CloudTrail record, without what may be a secret; absent when there was too much of it. */
  readonly json?: string;
}

/** Of the compressed text: an item of DynamoDB has 400 KB. */
const longestStored = 200_000;
const longestText = 1_048_576;
const deepest = 24;
const left = '(left out: may be a secret)';
/** In the parameters of calls, where people put what they should not. */
const secretParameter = /pass(word|phrase)|secret|token|assertion|credential|privatekey|authcode|signature/i;
/** Elsewhere, where `credentialUid` and `sessionToken` say who it was. */
const secretMember = /pass(word|phrase)|secret|privatekey/i;

/** The `id` under which the alert table keeps the event of an alert. */
export function alertRecordKey(alertId: string): string {
  return `alert:${alertId}`;
}

/** The event's detail as it may be shown: CloudTrail's `responseElements`, which hold session tokens, are not. */
export function shownDetail(event: unknown): unknown {
  const detail = at(event, 'detail') ?? event;
  if (!isCloudTrailRecord(detail) || !isRecord(detail)) {
    return without(secretMember, detail, deepest);
  }
  const { responseElements, ...rest } = detail;
  const signIn = at(responseElements, 'ConsoleLogin');
  return {
    ...(without(secretParameter, rest, deepest) as object),
    // The members that say who it was are named like secrets and are none.
    userIdentity: without(secretMember, rest.userIdentity, deepest),
    ...(signIn === undefined ? {} : { responseElements: { ConsoleLogin: signIn } }),
  };
}

/** The JSON as the table keeps it; `undefined` when it is too long. */
export function packed(detail: unknown): string | undefined {
  const stored = gzipSync(JSON.stringify(detail)).toString('base64');
  return stored.length > longestStored ? undefined : stored;
}

/** Reads the item of an alert; `undefined` when there is none (any more), or it holds something else. */
export function readAlertRecord(item: Readonly<Record<string, unknown>> | undefined): AlertRecord | undefined {
  if (typeof item?.type !== 'string') {
    return undefined;
  }
  const { type, accountId, console, detail } = item;
  return {
    type,
    accountId: typeof accountId === 'string' ? accountId : '',
    console: typeof console === 'string' ? console : undefined,
    json: typeof detail === 'string' ? unpacked(detail) : undefined,
  };
}

function unpacked(stored: string): string | undefined {
  try {
    const text = gunzipSync(Buffer.from(stored, 'base64'), { maxOutputLength: longestText }).toString('utf8');
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}

function without(secret: RegExp, value: unknown, depth: number): unknown {
  if (Array.isArray(value)) {
    return depth === 0 ? [] : value.map((element) => without(secret, element, depth - 1));
  }
  if (!isRecord(value)) {
    return value;
  }
  const members = depth === 0 ? [] : Object.entries(value);
  return Object.fromEntries(
    members.map(([name, member]) => [name, secret.test(name) ? left : without(secret, member, depth - 1)]),
  );
}
