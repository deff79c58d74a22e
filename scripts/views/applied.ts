import type { StackOutcome } from '../../cloudformation';
import { GarrisonError } from '../../organization/errors';
import { requestUrlOutput } from '../../stacks/model';
import type { Io } from '../io';
import type { CommonOptions } from '../options';
import { type Results, stackOutcomes } from '../rollout/stages';
import { coverageSummary } from './coverageTable';
import { failureRecords, printFailures } from './failure';

/** Every cell that is not guarded, once, with the first cause that is known. */
function failuresOf(results: Results): GarrisonError[] {
  const failed = results.stackSets.flatMap(({ plan: { stackSet }, outcomes }) =>
    outcomes
      .filter(({ outcome }) => outcome === 'failed')
      .map(
        ({ accountId, region, reason = 'the instance failed', remedy = '' }) =>
          new GarrisonError('stackset.instance', `${stackSet}: ${reason}`, remedy, { accountId, region }),
      ),
  );
  const told = new Set(failed.map(({ place }) => `${place.accountId}/${place.region}`));
  const members = results.guard.failed
    .map(({ error }) => error)
    .filter(({ place }) => !told.has(`${place.accountId}/${place.region}`));
  for (const { place } of members) {
    told.add(`${place.accountId}/${place.region}`);
  }
  const left = results.coverage
    .filter(
      ({ state, accountId, region }) =>
        (state === 'not-guarded' || state === 'unknown') && !told.has(`${accountId}/${region}`),
    )
    .map(
      ({ accountId, region, code = 'cell', reason = '', remedy = '' }) =>
        new GarrisonError(code, reason, remedy, { accountId, region }),
    );
  return [...failed, ...members, ...results.policies.failed, ...left];
}

function named({ stackName: name, outcome }: StackOutcome) {
  return { name, outcome };
}

/** Prints what was done and what failed; 1 when something did. */
export function reportApplied(
  results: Results,
  options: CommonOptions,
  io: Io,
  more: Readonly<Record<string, unknown>> = {},
): void {
  const errors = failuresOf(results);
  const instances = results.stackSets.map(({ plan: { stackSet }, outcomes }) => ({
    stackSet,
    changed: outcomes.filter(({ outcome }) => outcome === 'done').length,
  }));
  const changed =
    stackOutcomes(results).some(({ outcome }) => outcome !== 'unchanged') ||
    instances.some((stackSet) => stackSet.changed > 0) ||
    results.guard.done.length > 0 ||
    results.policies.done.length > 0;
  const slackRequestUrl = results.stack.outputs[requestUrlOutput];
  if (options.json) {
    const record = {
      ok: errors.length === 0,
      changed,
      ...more,
      stack: named(results.stack),
      ...(results.record ? { record: named(results.record) } : {}),
      ...(results.findings ? { findings: named(results.findings) } : {}),
      stackSets: instances,
      members: { changed: results.guard.done.length },
      ...(results.policies.skipped ? {} : { policies: { changed: results.policies.done.length } }),
      ...(slackRequestUrl === undefined ? {} : { slackRequestUrl }),
      coverage: coverageSummary(results.coverage),
      errors: errors.flatMap(failureRecords),
    };
    io.stdout.write(`${JSON.stringify(record)}\n`);
  } else {
    const what = changed ? 'Applied' : errors.length > 0 ? 'Nothing was changed' : 'Nothing to do';
    io.stdout.write(`${what}: ${coverageSummary(results.coverage)}.\n`);
    if (changed && slackRequestUrl !== undefined) {
      io.stdout.write(`Slack calls ${slackRequestUrl}: garrison slack manifest prints the app for it.\n`);
    }
  }
  printFailures(errors, io);
  io.setExitCode(errors.length > 0 ? 1 : 0);
}
