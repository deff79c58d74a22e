import type { Command } from 'commander';
import { allEngines, engineNames } from '../../detections/engines';
import { underTrial } from '../../detections/trial';
import type { Io } from '../io';
import { chosen } from './shared';

/** `garrison detections test`: every example through every engine. */
export function registerTest(command: Command, io: Io): void {
  command
    .command('test [id...]')
    .description('Run every example of the detections through every engine.')
    .option('--json', 'JSON lines', false)
    .action((ids: readonly string[], options: { json: boolean }) => {
      const results = chosen(ids, {}).flatMap(({ detection }) => runExamples(underTrial(detection)));
      const wrong = results.filter(({ verdict }) => verdict === 'wrong');
      if (options.json) {
        io.stdout.write(results.map((result) => `${JSON.stringify(result)}\n`).join(''));
      } else {
        for (const { detection, engine, example, expected } of wrong) {
          io.stdout.write(`${detection}: ${engine} should ${expected ? 'fire' : 'be quiet'} on "${example}"\n`);
        }
        const refused = results.filter(({ verdict }) => verdict === 'refused').length;
        io.stdout.write(
          `${results.length - wrong.length - refused} right, ${wrong.length} wrong, ${refused} that the engine cannot say\n`,
        );
      }
      io.setExitCode(wrong.length > 0 ? 1 : 0);
    });
}

function runExamples(configured: ReturnType<typeof underTrial>) {
  const { detection } = configured;
  const engines = allEngines(configured);
  const examples = [
    ...detection.firing.map((one) => ({ ...one, expected: true })),
    ...detection.quiet.map((one) => ({ ...one, expected: false })),
  ];
  return examples.flatMap(({ title, record, expected }) =>
    engineNames.map((engine) => {
      const run = engines[engine];
      const verdict = 'refused' in run ? 'refused' : run(record) === expected ? 'right' : 'wrong';
      return { detection: detection.id, example: title, expected, engine, verdict };
    }),
  );
}
