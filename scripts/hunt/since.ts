import { GarrisonError } from '../../organization/errors';

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A date, a time, or how long ago (`7d`, `12h`), as CloudTrail writes times. Throws `GarrisonError` `option.since`. */
export function parseSince(text: string, now: Date): string {
  const [, amount, unit] = /^(\d+)([mhdw])$/.exec(text) ?? [];
  const time = amount && unit ? new Date(now.getTime() - Number(amount) * (units[unit] as number)) : new Date(text);
  if (Number.isNaN(time.getTime())) {
    throw new GarrisonError(
      'option.since',
      `--since ${text} is no time`,
      'Give a date such as 2026-11-01, or how long ago, such as 7d or 12h.',
    );
  }
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
