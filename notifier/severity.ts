import type { SeverityBand } from './settings';

/** From the least to the most severe. */
export const severityBands: readonly SeverityBand[] = ['Low', 'Medium', 'High', 'Critical'];

const lowerBounds: Readonly<Record<SeverityBand, number>> = { Low: 1, Medium: 4, High: 7, Critical: 9 };

/** The band of a severity on GuardDuty's scale. Lower bounds are inclusive and severities are floats: 6.95 is Medium. */
export function bandOf(severity: number): SeverityBand {
  return severityBands.findLast((band) => severity >= lowerBounds[band]) ?? 'Low';
}

/** The severity at which a band begins. */
export function lowerBoundOf(band: SeverityBand): number {
  return lowerBounds[band];
}

/** 0 for Low to 3 for Critical. */
export function rankOf(band: SeverityBand): number {
  return severityBands.indexOf(band);
}

/** Reads a band's name in any case; `undefined` when it is none. */
export function parseBand(name: string): SeverityBand | undefined {
  const wanted = name.trim().toLowerCase();
  return severityBands.find((band) => band.toLowerCase() === wanted);
}
