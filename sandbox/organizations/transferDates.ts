import { invalidInput } from './errors';
import { inputRequired } from './input';

const refused = {
  START_DATE_NOT_BEGINNING_OF_DAY: 'The start date must be the beginning of the day (00:00:00.000).',
  START_DATE_NOT_BEGINNING_OF_MONTH: 'The start date must be the first day of the month.',
  START_DATE_TOO_EARLY: 'The start date is too early.',
  END_DATE_NOT_END_OF_MONTH: 'The end date must be the end of the last day of the month (23.59.59.999).',
  END_DATE_TOO_EARLY: 'It is too early for the transfer to end.',
} as const;

const refusal = (reason: keyof typeof refused) => invalidInput(reason, refused[reason]);

/** The first instant of a month to come. @throws ServiceError `InvalidInputException` */
export function checkedStart(start: Date | undefined, now: Date): Date {
  if (start === undefined) {
    throw inputRequired();
  }
  if (start.getTime() % 86_400_000 !== 0) {
    throw refusal('START_DATE_NOT_BEGINNING_OF_DAY');
  }
  if (start.getUTCDate() !== 1) {
    throw refusal('START_DATE_NOT_BEGINNING_OF_MONTH');
  }
  if (start <= now) {
    throw refusal('START_DATE_TOO_EARLY');
  }
  return start;
}

const endOfMonth = (date: Date): Date => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) - 1);

/** The last second of a month; of this one when none is given. @throws ServiceError `InvalidInputException` */
export function checkedEnd(end: Date | undefined, now: Date): Date {
  const given = end ?? endOfMonth(now);
  // Clients may send whole seconds only.
  if (Math.floor(given.getTime() / 1000) !== Math.floor(endOfMonth(given).getTime() / 1000)) {
    throw refusal('END_DATE_NOT_END_OF_MONTH');
  }
  if (given < now) {
    throw refusal('END_DATE_TOO_EARLY');
  }
  return given;
}
