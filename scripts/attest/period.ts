import { GarrisonError } from '../../organization/errors';

/** A period: `to` does not belong to it. */
export interface Period {
  readonly from: Date;
  readonly to: Date;
}

const aDay = 86_400_000;

/**
 * `--from` and `--to`: days (the last one whole, UTC) or times. Left out: from the beginning of this month until now.
 *
 * @throws GarrisonError `option.from`, `option.to`
 */
export function periodOf({ from, to }: { readonly from?: string; readonly to?: string }, now: Date): Period {
  const begin = from === undefined ? new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1)) : at('from', from);
  const end = to === undefined ? now : isDay(to) ? new Date(at('to', to).getTime() + aDay) : at('to', to);
  if (end.getTime() <= begin.getTime()) {
    throw new GarrisonError('option.to', `--to ${to ?? 'now'} is not after --from ${from}`, 'Give a later day.');
  }
  return { from: begin, to: end };
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function at(option: 'from' | 'to', text: string): Date {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : new Date(Number.NaN);
  // `2026-02-30` would be the second of March.
  if (Number.isNaN(time.getTime()) || (isDay(text) && !time.toISOString().startsWith(text))) {
    throw new GarrisonError(`option.${option}`, `--${option} ${text} is no day`, 'Give a day such as 2026-11-01.');
  }
  return time;
}
