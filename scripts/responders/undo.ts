import type { Command } from 'commander';
import { GarrisonError } from '../../organization/errors';
import type { Answer } from '../../responders/ask';
import type { UndoAnswer } from '../../responders/undo';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { loadFiles } from '../rollout/files';
import { askFunction, openOperator } from './function';

/** `garrison responders undo`: takes a response back. */
export function registerUndo(command: Command, io: Io): void {
  const own = command
    .command('undo <id>')
    .description('Take back what a response did, unless the resource was changed since. Safe to repeat.');
  withCommonOptions(own).action((id: string, options: CommonOptions) => undo(id, options, io));
}

const isUndo = (answer: Answer): answer is { undo: UndoAnswer } => 'undo' in answer;

async function undo(id: string, options: CommonOptions, io: Io): Promise<void> {
  if (!/^r-[0-9a-f]{20}$/.test(id)) {
    const remedy = 'It stands in the thread of the alert, and in `garrison responders log`.';
    throw new GarrisonError('responders.id', `${id.slice(0, 80)} is no id of a response`, remedy);
  }
  const { config } = loadFiles(options);
  const operator = await openOperator(config);
  const { undo: answer } = await askFunction({ undo: { id, by: operator.caller } }, operator, isUndo);
  const ok = answer.kind === 'undone' || answer.kind === 'already';
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ok, ...answer })}\n`);
  } else {
    (ok ? io.stdout : io.stderr).write(`${words(id, answer)}\n`);
  }
  io.setExitCode(ok ? 0 : 1);
}

function words(id: string, answer: UndoAnswer): string {
  switch (answer.kind) {
    case 'undone':
      return [`${id} is undone:`, ...answer.outcomes.map(({ does }) => `  ${does}`)].join('\n');
    case 'already':
      return `${id} is undone already.`;
    case 'refused':
      return `${id} was not undone: ${answer.reason}.`;
    case 'failed':
      return `${id} was not undone: ${answer.failure.code}: ${answer.failure.message}`;
    case 'partly':
      return [
        `${id} is undone in part; run it again for the rest:`,
        ...answer.outcomes.map(
          ({ does, result, failure }) => `  ${result}: ${does}${failure ? ` (${failure.code})` : ''}`,
        ),
      ].join('\n');
  }
}
