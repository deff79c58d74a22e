import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';

/** `garrison detections new <id>`: a file with its examples, and its test, from a template. */
export function registerNew(command: Command, io: Io): void {
  command
    .command('new <id>')
    .description('Write a new detection and its test from a template, in a clone of Garrison.')
    .option('--folder <folder>', 'the clone', '.')
    .action((id: string, { folder }: { folder: string }) => {
      if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
        throw new GarrisonError(
          'detection.id',
          `${id} is no id`,
          'Lower case words joined by hyphens, such as key-deleted.',
        );
      }
      const files = {
        [`detections/catalog/${id}.ts`]: detectionText(id),
        [`test/detections/${id}.test.ts`]: testText(id),
      };
      for (const [file, text] of Object.entries(files)) {
        write(join(folder, file), text);
        io.stdout.write(`${join(folder, file)}\n`);
      }
      io.stdout.write(`Add ${camel(id)} to detections/catalog.ts, then: npx jest test/detections\n`);
    });
}

function write(file: string, text: string): void {
  if (existsSync(file)) {
    throw new GarrisonError('file.exists', `${file} is there already`, 'Choose another id, or edit the file.', {
      file,
    });
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function camel(id: string): string {
  return id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function detectionText(id: string): string {
  return `import { calls } from '../condition';
import { defineDetection } from '../detection';
import { apiCall, denied, example } from '../examples';

export const ${camel(id)} = defineDetection({
  id: '${id}',
  title: 'What happened, in a few words',
  severity: 'medium',
  meaning: 'Why it matters to whoever is woken by it.',
  runbook: ['What to look at first.', 'What to do if nobody stands by it.'],
  references: { cis: [], attack: ['T1098'] },
  parameters: {},
  outcome: 'success',
  regions: 'all',
  requires: ['trail'],
  condition: () => calls('example.amazonaws.com', 'DeleteExample'),
  fields: ['requestParameters.name'],
  deduplicationKey: ['recipientAccountId', 'userIdentity.arn'],
  firing: [
    example('It happens', apiCall('example.amazonaws.com', 'DeleteExample', { requestParameters: { name: 'a' } })),
  ],
  quiet: [example('It was refused', apiCall('example.amazonaws.com', 'DeleteExample', denied))],
});
`;
}

function testText(id: string): string {
  return `import { ${camel(id)} } from '../../detections/catalog/${id}';
import { allEngines, engineNames } from '../../detections/engines';
import { underTrial } from '../../detections/trial';

describe('${id}', () => {
  const engines = allEngines(underTrial(${camel(id)}));

  test.each(engineNames)('%s fires on the firing examples alone', (name) => {
    const engine = engines[name];
    const run = 'refused' in engine ? undefined : engine;
    expect(run && ${camel(id)}.firing.map(({ record }) => run(record))).toEqual(run && ${camel(id)}.firing.map(() => true));
    expect(run && ${camel(id)}.quiet.map(({ record }) => run(record))).toEqual(run && ${camel(id)}.quiet.map(() => false));
  });
});
`;
}
