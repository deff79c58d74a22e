import Table from 'cli-table3';
import type { Command } from 'commander';
import type { SimulationResult } from '../../guardrails';
import { callerSession } from '../../organization/sessions';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { createProgress } from '../views/progress';
import { readConfigured, requireSome } from './shared';
import { type Simulation, trySimulation } from './simulation';

interface TestOptions extends CommonOptions {
  readonly offline: boolean;
  readonly every: boolean;
}

/** `garrison guardrails test`: whether Garrison itself still works under them. */
export function registerTest(parent: Command, io: Io): void {
  const command = parent
    .command('test')
    .description(
      'Try, with IAM’s policy simulator, every call that Garrison’s own roles have to make under the guardrails.',
    )
    .option('--offline', 'decide here, without AWS and without credentials', false)
    .option('--every', 'every role and action, not only those that are stopped', false)
    .addHelpText('after', '\nExit codes: 0 all are allowed, 1 some are not, or an error.');
  withCommonOptions(command).action((options: TestOptions) => test(options, io));
}

async function test(options: TestOptions, io: Io): Promise<void> {
  const configured = readConfigured(options);
  requireSome(configured);
  const progress = await createProgress(io);
  try {
    const simulation = await progress.stage('policy simulator', async () =>
      trySimulation(configured, options.offline ? undefined : await callerSession(configured.config.homeRegion)),
    );
    report(simulation, options, io);
  } finally {
    progress.close();
  }
}

function report({ results, untried }: Simulation, options: TestOptions, io: Io): void {
  const wrong = results.filter(({ result }) => result !== 'allowed');
  const ok = wrong.length === 0;
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok, results, untried })}\n`);
  } else {
    const rows = options.every ? results : wrong;
    if (rows.length > 0) {
      io.stdout.write(`${table(rows)}\n`);
    }
    for (const role of untried) {
      io.stdout.write(`${role} holds managed policies only: not tried.\n`);
    }
    io.stdout.write(`${summary(results)}\n`);
  }
  io.setExitCode(ok ? 0 : 1);
}

function summary(results: readonly SimulationResult[]): string {
  const roles = new Set(results.map(({ role }) => role)).size;
  const count = (wanted: SimulationResult['result']) => results.filter(({ result }) => result === wanted).length;
  const [denied, unclear] = [count('denied'), count('unclear')];
  const rest = denied + unclear === 0 ? 'none is stopped' : `${denied} are stopped, ${unclear} are unclear`;
  return `${results.length} calls of ${roles} roles: ${rest}.`;
}

function table(rows: readonly SimulationResult[]): string {
  const view = new Table({
    head: ['role', 'action', 'resource', 'result', 'by'],
    style: { head: [], border: [], compact: true },
  });
  for (const { role, action, resource, result, guardrails } of rows) {
    view.push([role, action, resource, result, guardrails.join(', ')]);
  }
  return view.toString();
}
