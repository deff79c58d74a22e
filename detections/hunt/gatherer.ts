import type { Threshold } from '../detection';
import { type Finding, findingOf, whoOf } from '../finding';
import { type CloudTrailRecord, textAt } from '../record';
import type { ConfiguredDetection } from '../settings';
import { counterKey } from '../thresholds';

/** How often a detection fired, when, and by whom. */
export interface Tally {
  alerts: number;
  /** ISO 8601. */
  first: string;
  last: string;
  readonly actors: Map<string, { account: string; actor: string; alerts: number }>;
}

/** The events of one account and actor that count towards a threshold. */
export interface Counted {
  /** Milliseconds since 1970, in no order. */
  readonly times: number[];
  /** What an alert says of the first of them. */
  readonly finding: Finding;
  readonly threshold: Threshold;
}

/** A file that was read to its end, or as far as it could be. */
export interface FileDone {
  readonly file: string;
  readonly records: number;
  readonly bytes: number;
  /** Why the file, or the rest of it, was passed over. */
  readonly broken?: string;
  /** This is a part of the file, and not its first. */
  readonly continued?: boolean;
}

/** What a gatherer holds: crosses from thread to thread. */
export interface GatheredState {
  readonly files: number;
  readonly records: number;
  readonly bytes: number;
  readonly broken: readonly { readonly file: string; readonly reason: string }[];
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly counts: ReadonlyMap<string, Counted>;
  /** JSON: crosses faster than the objects would. */
  readonly findings: string;
}

/** So many findings are kept with their details. */
export const maximumFindings = 5000;
/** Of every detection so many findings are kept, however loud the others are. */
const keptOfEach = 100;

/** Gathers what fires, in bounded memory however much it is: all is counted, and of some the details are kept. */
export class Gatherer {
  files = 0;
  records = 0;
  bytes = 0;
  readonly broken: { file: string; reason: string }[] = [];
  readonly tallies = new Map<string, Tally>();
  readonly counts = new Map<string, Counted>();
  readonly findings: Finding[] = [];
  private readonly kept = new Map<string, number>();

  /**
   * @param maximum findings whose details are kept
   * @param ofEach of each detection so many are kept beyond that
   */
  constructor(
    private readonly maximum = maximumFindings,
    private readonly ofEach = keptOfEach,
  ) {}

  /** A detection fired on a record. */
  add(configured: ConfiguredDetection, record: CloudTrailRecord): void {
    const { detection, threshold } = configured;
    if (threshold) {
      this.count(configured, threshold, record);
      return;
    }
    const { time, account, actor } = whoOf(record);
    this.tell(detection.id, time, time, account, actor);
    if (this.keeps(detection.id)) {
      this.findings.push(findingOf(configured, record));
    }
  }

  /** A finding that stands for many events, the last of them at `last`. */
  addFinding(finding: Finding, last: string): void {
    this.tell(finding.detection, finding.time, last, finding.account, finding.actor);
    if (this.keeps(finding.detection)) {
      this.findings.push(finding);
    }
  }

  done({ file, records, bytes, broken, continued }: FileDone): void {
    this.files += continued ? 0 : 1;
    this.records += records;
    this.bytes += bytes;
    if (broken !== undefined) {
      this.broken.push({ file, reason: broken });
    }
  }

  /** All that was added, to be merged into another gatherer. */
  state(): GatheredState {
    const { files, records, bytes, broken, tallies, counts } = this;
    return { files, records, bytes, broken, tallies, counts, findings: JSON.stringify(this.findings) };
  }

  /** Adds what another gatherer holds. */
  merge(state: GatheredState): void {
    this.files += state.files;
    this.records += state.records;
    this.bytes += state.bytes;
    this.broken.push(...state.broken);
    for (const finding of JSON.parse(state.findings) as Finding[]) {
      if (this.keeps(finding.detection)) {
        this.findings.push(finding);
      }
    }
    for (const [id, { alerts, first, last, actors }] of state.tallies) {
      const tally = this.tally(id, first, last, alerts);
      for (const [key, actor] of actors) {
        const known = tally.actors.get(key);
        tally.actors.set(key, known ? { ...known, alerts: known.alerts + actor.alerts } : actor);
      }
    }
    for (const [id, { times, ...first }] of state.counts) {
      const known = this.counts.get(id);
      this.counts.set(id, { ...first, ...known, times: known ? known.times.concat(times) : times });
    }
  }

  /** Whether there is room for another finding of a detection; takes it. */
  private keeps(detection: string): boolean {
    const kept = this.kept.get(detection) ?? 0;
    if (this.findings.length >= this.maximum && kept >= this.ofEach) {
      return false;
    }
    this.kept.set(detection, kept + 1);
    return true;
  }

  private tell(detection: string, first: string, last: string, account: string, actor: string): void {
    const { actors } = this.tally(detection, first, last, 1);
    const id = `${account} ${actor}`;
    const known = actors.get(id);
    if (known) {
      known.alerts += 1;
    } else {
      actors.set(id, { account, actor, alerts: 1 });
    }
  }

  private tally(detection: string, first: string, last: string, alerts: number): Tally {
    const known = this.tallies.get(detection);
    const tally = known ?? { alerts: 0, first, last, actors: new Map() };
    if (!known) {
      this.tallies.set(detection, tally);
    }
    tally.alerts += alerts;
    // A record without a time tells nothing about when it began.
    tally.first = first === '' || (tally.first !== '' && tally.first < first) ? tally.first : first;
    tally.last = tally.last > last ? tally.last : last;
    return tally;
  }

  private count(configured: ConfiguredDetection, threshold: Threshold, record: CloudTrailRecord): void {
    const id = `${configured.detection.id} ${counterKey(threshold, record)}`;
    const time = Date.parse(textAt(record, 'eventTime') ?? '') || 0;
    const entry = this.counts.get(id);
    if (entry) {
      entry.times.push(time);
    } else {
      this.counts.set(id, { times: [time], finding: findingOf(configured, record), threshold });
    }
  }
}
