import pc from 'picocolors';
import { GarrisonError, GarrisonErrors, type Place } from '../../organization/errors';
import { explain } from '../../organization/failures';
import type { Io } from '../io';

/** One failure as `--json` prints it. */
export interface FailureRecord extends Place {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** Tells a person, or with `json` a script, why a command ended. Never a stack trace. */
export function reportFailure(error: unknown, io: Io, json: boolean): void {
  const failures = failureRecords(error);
  if (json) {
    io.stdout.write(`${JSON.stringify({ ok: false, errors: failures })}\n`);
  }
  for (const failure of failures) {
    io.stderr.write(`${formatFailure(failure)}\n`);
  }
}

/** All problems in an error, as plain data. */
export function failureRecords(error: unknown): FailureRecord[] {
  if (error instanceof GarrisonErrors) {
    return error.problems.map(failureRecord);
  }
  if (error instanceof GarrisonError) {
    return [failureRecord(error)];
  }
  if (error instanceof Error && ('$metadata' in error || error.message === 'Region is missing')) {
    return [failureRecord(explain(error, {}))];
  }
  return [
    {
      code: 'unexpected',
      message: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      remedy: 'This is a fault in Garrison: please report it with the command that you ran.',
    },
  ];
}

/**
 * Prints failures to standard error, one text for all cells that failed for the same reason: a policy that denies a
 * region says so once and not in every account.
 */
export function printFailures(errors: readonly GarrisonError[], io: Io): void {
  const groups = new Map<string, FailureRecord[]>();
  for (const record of errors.map(failureRecord)) {
    const key = [record.code, record.operation, record.remedy, withoutPlace(record)].join('\n');
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  for (const records of groups.values()) {
    const accountId = counted(records, 'accountId', 'accounts');
    const region = counted(records, 'region', 'regions');
    io.stderr.write(`${formatFailure({ ...(records[0] as FailureRecord), accountId, region })}\n`);
  }
}

/** The message without what differs from cell to cell. */
function withoutPlace({ message }: FailureRecord): string {
  return message
    .replace(/\b\d{12}\b/g, '')
    .replace(/\b[a-z]{2}(-[a-z]+)+-\d\b/g, '')
    .replace(/\b[0-9a-f-]{8,}\b/g, '');
}

function counted(records: readonly FailureRecord[], member: 'accountId' | 'region', many: string): string | undefined {
  const values = [...new Set(records.flatMap((record) => record[member] ?? []))];
  return values.length > 3 ? `${values.length} ${many}` : values.join(', ') || undefined;
}

function failureRecord(problem: GarrisonError): FailureRecord {
  return { code: problem.code, message: problem.message, remedy: problem.remedy, ...problem.place };
}

/** `error  <where>  <what>` and, indented below, what to do. */
function formatFailure(failure: FailureRecord): string {
  const where = placeText(failure);
  const head = `${pc.red('error')}  ${where ? `${pc.bold(where)}  ` : ''}${failure.message}`;
  if (failure.file) {
    // One line for one line of a file: editors and CI turn `file:line:` into a link.
    return `${head}. ${failure.remedy}`;
  }
  return failure.remedy ? `${head}\n       ${pc.dim('→')} ${failure.remedy}` : head;
}

function placeText(place: Place): string {
  // Messages about a file begin with file:line already.
  const cell = [place.accountId, place.region].filter(Boolean).join(' ');
  return [cell, place.operation].filter(Boolean).join(' ');
}
