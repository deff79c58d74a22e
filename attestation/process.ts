import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { at, isRecord, text } from '../notifier/events/read';
import { pauseAfter } from '../notifier/retry';
import { announceFromQueue, isAnnouncement } from './announcing';
import { ask } from './asking/ask';
import { showJoined } from './asking/join';
import { type RecordedUse, recordUses } from './asking/recordUses';
import { joinNameless } from './people/nameless';
import { readUse, type Use } from './people/use';
import { type AttestationTools, SlackUnavailable } from './questions/tools';
import { runTimer } from './timer/timer';

export interface ProcessTools extends AttestationTools {
  /** Hides a message for so many seconds; its failure is not the caller's. */
  readonly hide: (record: SQSRecord, seconds: number) => Promise<void>;
  /** Milliseconds that remain to this invocation. */
  readonly remaining: () => number;
}

/** `source` of the scheduled event: `stacks/attestation/`. */
const timerSource = 'garrison.attest-timer';

type Work =
  | { readonly kind: 'use'; readonly use: Use }
  | { readonly kind: 'timer' }
  | { readonly kind: 'announcement'; readonly body: unknown }
  | { readonly kind: 'leftOut' };

/** A use, and the message that brought it. */
interface Waiting {
  readonly record: SQSRecord;
  readonly use: Use;
}

/** How long an event that names nobody waits for one that does. */
const namelessSeconds = 120;

/**
 * Handles a batch: uses are recorded first, all at once; then people are asked. Messages that have to come again are in
 * the answer.
 */
export async function processBatch(event: SQSEvent, tools: ProcessTools): Promise<SQSBatchResponse> {
  const failed = new Set<string>();
  const fail = async (record: SQSRecord, error: unknown) => {
    failed.add(record.messageId);
    tools.log('error', codeOf(error), { message: record.messageId, reason: reasonOf(error) });
    const receives = Number(record.attributes?.ApproximateReceiveCount ?? 1);
    const asked = error instanceof SlackUnavailable ? (error.retryAfterSeconds ?? 0) : 0;
    await tools.hide(record, Math.max(asked, pauseAfter(receives, 'High', (tools.chance ?? Math.random)())));
  };
  const uses: Waiting[] = [];
  for (const record of event.Records) {
    try {
      const work = workOf(record, tools);
      if (work.kind === 'use' && (await waits(work.use, record, tools))) {
        failed.add(record.messageId);
      } else if (work.kind === 'use') {
        uses.push({ record, use: work.use });
      } else if (work.kind === 'timer') {
        await runTimer(tools);
      } else if (work.kind === 'announcement') {
        await announceFromQueue(work.body, record, tools);
      }
    } catch (error) {
      await fail(record, error);
    }
  }
  await handleUses(uses, tools, fail);
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

async function handleUses(
  uses: readonly Waiting[],
  tools: ProcessTools,
  fail: (record: SQSRecord, error: unknown) => Promise<void>,
): Promise<void> {
  if (uses.length === 0) {
    return;
  }
  let recorded: readonly RecordedUse[] = [];
  try {
    const named = await Promise.all(uses.map(({ use }) => joinNameless(use, tools)));
    recorded = await recordUses(named, tools);
  } catch (error) {
    if (uses.length === 1) {
      return fail((uses[0] as Waiting).record, error);
    }
    // One message that cannot be recorded must not hold up the others.
    for (const one of uses) {
      await handleUses([one], tools, fail);
    }
    return;
  }
  const joined = new Map<string, SQSRecord>();
  for (const { use, question, first } of recorded) {
    const record = uses.find((one) => one.use.event === use.event)?.record;
    if (first && question !== undefined && record !== undefined) {
      await ask(question, tools).catch((error: unknown) => fail(record, error));
    } else if (question !== undefined && record !== undefined) {
      joined.set(question, record);
    }
  }
  for (const [question, record] of joined) {
    await showJoined(question, tools).catch((error: unknown) => fail(record, error));
  }
}

/** @throws Unreadable when the body is no JSON object */
function workOf(record: SQSRecord, tools: ProcessTools): Work {
  const body = parsed(record.body);
  if (text(body, 'source') === timerSource) {
    return { kind: 'timer' };
  }
  if (isAnnouncement(body)) {
    return { kind: 'announcement', body };
  }
  const use = readUse(body, tools.settings);
  if ('leftOut' in use) {
    tools.log('info', 'attestation.leftOut', { message: record.messageId, event: safe(use.event), why: use.leftOut });
    if (use.leftOut === 'unreadable' && at(body, 'detection') === undefined) {
      throw new Unreadable('The message is none of ours.');
    }
    return { kind: 'leftOut' };
  }
  return { kind: 'use', use };
}

/** The message is no JSON object, or none that anybody here sends. It ends in the dead-letter queue, under an alarm. */
class Unreadable extends Error {
  override readonly name = 'Unreadable';
  readonly code = 'attestation.body.unreadable';
}

function parsed(body: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // The parser's own error would quote the body.
  }
  if (!isRecord(value)) {
    throw new Unreadable('The message is not a JSON object.');
  }
  return value;
}

/** True while an event that names nobody waits for the one that names them. */
async function waits(use: Use, record: SQSRecord, tools: ProcessTools): Promise<boolean> {
  if (!use.nameless || Number(record.attributes?.ApproximateReceiveCount ?? 1) > 1) {
    return false;
  }
  await tools.hide(record, namelessSeconds);
  return true;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('attestation.') ? code : 'attestation.failed';
}

/** A word that is safe to log: Slack's or AWS's own, or the error's name. */
function reasonOf(error: unknown): string {
  const { reason, name } = error as { reason?: unknown; name?: unknown };
  return safe(reason) ?? safe(name) ?? 'Error';
}

function safe(word: unknown): string | undefined {
  return typeof word === 'string' && /^[\w.-]{1,100}$/.test(word) ? word : undefined;
}
