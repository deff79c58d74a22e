import type { Command } from 'commander';
import pc from 'picocolors';
import { type Explanation, explain } from '../../detections/explain';
import { recordsIn } from '../../detections/hunt/records';
import type { ConfiguredDetection } from '../../detections/settings';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';
import { chosen, readOverrides, readText, type SettingsOptions } from './shared';

/** `garrison detections explain EVENT.json`. */
export function registerExplain(command: Command, io: Io): void {
  command
    .command('explain <file>')
    .description(
      'Which detections fire on a CloudTrail record, which nearly, and what kept them from it. - reads standard input.',
    )
    .option('--settings <file>', 'settings, YAML')
    .option('--account <id>', 'the settings of this account')
    .option('--all', 'also those that are far from firing', false)
    .option('--json', 'JSON lines', false)
    .action(async (file: string, options: SettingsOptions & { all: boolean; json: boolean }) => {
      const catalog = chosen([], readOverrides(options));
      const records = parse(file === '-' ? await readAll(io) : readText(file), file);
      for (const [index, record] of records.entries()) {
        const explanations = catalog
          .map((configured) => explain(configured, record))
          .filter(({ verdict }) => options.all || verdict === 'fires' || verdict === 'nearly');
        const text = options.json
          ? jsonLines(explanations, index)
          : view(explanations, catalog, `${record.eventName} of ${record.eventSource}`);
        io.stdout.write(text);
      }
    });
}

function parse(text: string, file: string) {
  try {
    const lines = text.trim().split('\n');
    const values = isJson(text) ? [JSON.parse(text)] : lines.map((line) => JSON.parse(line));
    const records = values.flatMap((value) => (Array.isArray(value) ? value.flatMap(recordsIn) : recordsIn(value)));
    if (records.length > 0) {
      return records;
    }
  } catch (error) {
    throw new GarrisonError(
      'event.json',
      `${file} is not JSON: ${(error as Error).message}`,
      'Give a CloudTrail record, a log file, or an event of EventBridge.',
      { file },
      { cause: error },
    );
  }
  throw new GarrisonError(
    'event.record',
    `${file} holds no CloudTrail record`,
    'Give a CloudTrail record, a log file, or an event of EventBridge.',
    { file },
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function readAll({ stdin }: Io): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stdin) {
    pieces.push(Buffer.from(piece));
  }
  return Buffer.concat(pieces).toString('utf8');
}

function jsonLines(explanations: readonly Explanation[], record: number): string {
  return explanations.map((explanation) => `${JSON.stringify({ record, ...explanation })}\n`).join('');
}

function view(explanations: readonly Explanation[], catalog: readonly ConfiguredDetection[], title: string): string {
  const lines = explanations.map(({ detection, verdict, obstacles }) => {
    const severity = catalog.find((one) => one.detection.id === detection)?.detection.severity ?? '';
    const mark =
      verdict === 'fires' ? pc.red('fires  ') : verdict === 'nearly' ? pc.yellow('nearly ') : pc.dim(verdict.padEnd(7));
    return `  ${mark} ${detection} (${severity})${obstacles.map((one) => `\n           ${one}`).join('')}\n`;
  });
  return `${pc.bold(title)}\n${lines.length > 0 ? lines.join('') : '  no detection fires, or nearly\n'}`;
}
