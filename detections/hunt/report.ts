import { catalog } from '../catalog';
import type { Severity } from '../detection';
import type { Finding } from '../finding';
import { configure, type Overrides } from '../settings';
import { bursts } from '../thresholds';
import type { Count } from './examine';
import type { FileResult } from './huntFile';

/** How often a detection fired, and on whom. */
export interface Loudness {
  readonly detection: string;
  readonly title: string;
  readonly severity: Severity;
  readonly alerts: number;
  readonly accounts: number;
  readonly first: string;
  readonly last: string;
  /** Actors, the loudest first. */
  readonly actors: readonly { readonly account: string; readonly actor: string; readonly alerts: number }[];
}

export interface HuntReport {
  readonly files: number;
  readonly records: number;
  readonly bytes: number;
  readonly alerts: number;
  readonly broken: readonly { readonly file: string; readonly reason: string }[];
  readonly detections: readonly Loudness[];
  /** The first findings, by time: `kept` of `alerts`. */
  readonly findings: readonly Finding[];
  readonly kept: number;
}

interface Tally {
  alerts: number;
  first: string;
  last: string;
  readonly actors: Map<string, { account: string; actor: string; alerts: number }>;
}

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** What a gatherer holds: crosses from thread to thread. */
export interface GatheredState {
  readonly files: number;
  readonly records: number;
  readonly bytes: number;
  readonly broken: readonly { readonly file: string; readonly reason: string }[];
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly counts: ReadonlyMap<string, { readonly times: number[]; readonly finding: Finding }>;
  readonly findings: readonly Finding[];
}

/** Gathers results of files into a report, in bounded memory whatever their number. */
export class Gatherer {
  private files = 0;
  private records = 0;
  private bytes = 0;
  private readonly broken: { file: string; reason: string }[] = [];
  private readonly tallies = new Map<string, Tally>();
  private readonly counts = new Map<string, { times: number[]; finding: Finding }>();
  private readonly findings: Finding[] = [];

  /** @param maximumFindings findings kept for the timeline; all are counted. */
  constructor(
    private readonly overrides: Overrides = {},
    private readonly maximumFindings = 20_000,
  ) {}

  add(result: FileResult): void {
    this.files += result.more ? 0 : 1;
    this.records += result.records;
    this.bytes += result.bytes;
    if (result.broken !== undefined) {
      this.broken.push({ file: result.file, reason: result.broken });
    }
    for (const finding of result.findings) {
      this.addFinding(finding, finding.time);
    }
    for (const count of result.counts) {
      this.addCount(count);
    }
  }

  /** All that was added, to be merged into another gatherer. */
  state(): GatheredState {
    const { files, records, bytes, broken, tallies, counts, findings } = this;
    return { files, records, bytes, broken, tallies, counts, findings };
  }

  /** Adds what another gatherer holds. */
  merge(state: GatheredState): void {
    this.files += state.files;
    this.records += state.records;
    this.bytes += state.bytes;
    this.broken.push(...state.broken);
    for (const [id, { alerts, first, last, actors }] of state.tallies) {
      const tally = this.tally(id, first, last, alerts);
      for (const [key, actor] of actors) {
        const known = tally.actors.get(key);
        tally.actors.set(key, known ? { ...known, alerts: known.alerts + actor.alerts } : actor);
      }
    }
    for (const [id, { times, finding }] of state.counts) {
      const known = this.counts.get(id);
      this.counts.set(id, { times: known ? known.times.concat(times) : times, finding: known?.finding ?? finding });
    }
    this.findings.push(...state.findings.slice(0, this.maximumFindings - this.findings.length));
  }

  /** The report over everything added. */
  report(): HuntReport {
    for (const alert of this.burstFindings()) {
      this.addFinding(alert.finding, alert.last);
    }
    this.counts.clear();
    const detections = [...this.tallies].map(([id, tally]) => loudness(id, tally)).sort(bySeverity);
    return {
      files: this.files,
      records: this.records,
      bytes: this.bytes,
      alerts: detections.reduce((sum, { alerts }) => sum + alerts, 0),
      broken: this.broken,
      detections,
      findings: [...this.findings].sort((left, right) =>
        left.time < right.time ? -1 : left.time > right.time ? 1 : 0,
      ),
      kept: this.findings.length,
    };
  }

  private addCount({ detection, key, time, finding }: Count): void {
    const id = `${detection} ${key}`;
    const entry = this.counts.get(id);
    if (entry) {
      entry.times.push(time);
    } else if (finding) {
      this.counts.set(id, { times: [time], finding });
    }
  }

  private burstFindings(): { finding: Finding; last: string }[] {
    const thresholds = new Map(
      catalog.map((detection) => [detection.id, configure(detection, this.overrides).threshold]),
    );
    return [...this.counts.values()].flatMap(({ times, finding }) => {
      const threshold = thresholds.get(finding.detection);
      return threshold
        ? bursts(times, threshold).map(({ first, last, count }) => ({
            finding: {
              ...finding,
              time: isoTime(first),
              details: { ...finding.details, count: String(count), until: isoTime(last) },
            },
            last: isoTime(last),
          }))
        : [];
    });
  }

  private tally(detection: string, first: string, last: string, alerts: number): Tally {
    const tally = this.tallies.get(detection) ?? { alerts: 0, first, last, actors: new Map() };
    this.tallies.set(detection, tally);
    tally.alerts += alerts;
    tally.first = tally.first < first ? tally.first : first;
    tally.last = tally.last > last ? tally.last : last;
    return tally;
  }

  private addFinding(finding: Finding, last: string): void {
    const tally = this.tally(finding.detection, finding.time, last, 1);
    const id = `${finding.account} ${finding.actor}`;
    const actor = tally.actors.get(id) ?? { account: finding.account, actor: finding.actor, alerts: 0 };
    actor.alerts += 1;
    tally.actors.set(id, actor);
    if (this.findings.length < this.maximumFindings) {
      this.findings.push(finding);
    }
  }
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

function loudness(id: string, { alerts, first, last, actors }: Tally): Loudness {
  const detection = catalog.find((one) => one.id === id);
  return {
    detection: id,
    title: detection?.title ?? id,
    severity: detection?.severity ?? 'low',
    alerts,
    accounts: new Set([...actors.values()].map(({ account }) => account)).size,
    first,
    last,
    actors: [...actors.values()].sort((left, right) => right.alerts - left.alerts),
  };
}

function bySeverity(left: Loudness, right: Loudness): number {
  return severities.indexOf(left.severity) - severities.indexOf(right.severity) || right.alerts - left.alerts;
}
