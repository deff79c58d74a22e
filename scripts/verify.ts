import type { Command } from 'commander';
import type { Io } from './io';
import { type CommonOptions, withCommonOptions } from './options';
import { loadFiles } from './rollout/files';
import { observeRollout } from './rollout/observeRollout';
import { coverageSummary, coverageTable } from './views/coverageTable';
import { changeLines, changeRecord, isDone } from './views/plan';

/** `garrison verify`: is every cell guarded? */
export function register(program: Command, io: Io): void {
  const command = program
    .command('verify')
    .description('Tell which accounts and regions are guarded, and why the others are not. Changes nothing.');
  withCommonOptions(command).action(async (options: CommonOptions) => verify(options, io));
}

async function verify(options: CommonOptions, io: Io): Promise<void> {
  const files = loadFiles(options);
  const { picture } = await observeRollout(files, io);
  const done = isDone(picture);
  if (options.json) {
    const { coverage } = picture;
    const record = { ok: done, summary: coverageSummary(coverage), cells: coverage, ...changeRecord(picture) };
    io.stdout.write(`${JSON.stringify(record)}\n`);
  } else {
    const accountNames = new Map(files.accounts.flatMap(({ id, name }) => (name ? [[id, name] as const] : [])));
    io.stdout.write(
      `${coverageTable({ cells: picture.coverage, accountNames })}\n\n${coverageSummary(picture.coverage)}.\n`,
    );
    for (const line of changeLines(picture, { details: false })) {
      io.stdout.write(`${line}\n`);
    }
  }
  io.setExitCode(done ? 0 : 2);
}
