import { catalog } from '../catalog';
import type { Severity } from '../detection';
import type { Finding } from '../finding';
import { bursts } from '../thresholds';
import type { Counted, Gatherer, Tally } from './gatherer';

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
  /** Findings by time: `kept` of `alerts`, of each detection some. */
  readonly findings: readonly Finding[];
  readonly kept: number;
}

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** The report over all that was gathered. What counts towards thresholds becomes findings: to be called once. */
export function reportOf(gatherer: Gatherer): HuntReport {
  for (const { finding, last } of burstFindings(gatherer.counts)) {
    gatherer.addFinding(finding, last);
  }
  const { files, records, bytes, broken, findings } = gatherer;
  const detections = [...gatherer.tallies].map(([id, tally]) => loudness(id, tally)).sort(bySeverity);
  return {
    files,
    records,
    bytes,
    alerts: detections.reduce((sum, { alerts }) => sum + alerts, 0),
    broken,
    detections,
    findings: [...findings].sort(byTime),
    kept: findings.length,
  };
}

function burstFindings(counts: ReadonlyMap<string, Counted>): { readonly finding: Finding; readonly last: string }[] {
  return [...counts.values()].flatMap(({ times, finding, threshold }) =>
    bursts(times, threshold).map(({ first, last, count }) => ({
      finding: {
        ...finding,
        time: isoTime(first),
        details: { ...finding.details, count: String(count), until: isoTime(last) },
      },
      last: isoTime(last),
    })),
  );
}

/** Empty for a record without a time. */
function isoTime(milliseconds: number): string {
  return milliseconds === 0 ? '' : new Date(milliseconds).toISOString().replace('.000Z', 'Z');
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
  return (
    severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
    right.alerts - left.alerts ||
    (left.detection < right.detection ? -1 : 1)
  );
}

function byTime(left: Finding, right: Finding): number {
  return left.time < right.time ? -1 : left.time > right.time ? 1 : 0;
}
