import { catalog } from '../catalog';
import type { Watcher } from '../engine';
import { DetectionError } from '../errors';
import { inLanguage } from '../mark';
import { compileMatcher } from '../matcher';
import { type ConfiguredDetection, configure } from '../settings';

/** A detection as some accounts have it. */
export interface LogFileDetection {
  readonly id: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The accounts for whose records it is asked; left out: those that no other entry of the detection names. */
  readonly accountIds?: readonly string[];
  /** It lacks a parameter there: these accounts do without, whatever holds for others. */
  readonly off?: true;
}

/** All that the function on log files knows: plain data, written at synth to `settings.json`. Holds no secrets. */
export interface LogFileSettings {
  readonly version: 1;
  /** Of the queue in which files are announced. */
  readonly queueUrl: string;
  /** The topic to which the queue may be subscribed, where one announces. */
  readonly topicArn?: string;
  readonly alertQueueUrl: string;
  /** Partition key `id`, TTL `expiresAt`. */
  readonly table: string;
  readonly detections: readonly LogFileDetection[];
  /** Of the alerts; English unless given. */
  readonly language?: 'en' | 'ja';
}

/** A watcher that is asked about the records of some accounts. */
export interface AccountWatcher extends Watcher {
  appliesTo(accountId: string | undefined): boolean;
}

/** The detections of the settings, ready to match. Throws `DetectionError` for what the catalog does not have. */
export function accountWatchers(
  detections: readonly LogFileDetection[],
  language?: LogFileSettings['language'],
): AccountWatcher[] {
  const on = detections.filter(({ off }) => !off);
  return on.map(({ id, settings, accountIds }) => {
    const configured = inLanguage(configuredAs(id, settings), language);
    const own = accountIds && new Set(accountIds);
    const others = new Set(detections.flatMap((other) => (other.id === id ? (other.accountIds ?? []) : [])));
    return {
      configured,
      matches: compileMatcher(configured.condition),
      appliesTo: (accountId) => (own ? accountId !== undefined && own.has(accountId) : !others.has(accountId ?? '')),
    };
  });
}

function configuredAs(id: string, settings: LogFileDetection['settings']): ConfiguredDetection {
  const detection = catalog.find((one) => one.id === id);
  if (detection === undefined) {
    throw new DetectionError('detection.unknown', `there is no detection ${id}`, 'Deploy the function once more.');
  }
  return configure(detection, { [id]: settings });
}
