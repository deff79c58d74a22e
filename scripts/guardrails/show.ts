import type { Command } from 'commander';
import pc from 'picocolors';
import { type ConfiguredGuardrail, statementText } from '../../guardrails';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { guardrailOf, readConfigured } from './shared';

/** `garrison guardrails show ID`: all that one guardrail is. */
export function registerShow(parent: Command, io: Io): void {
  const command = parent
    .command('show <id>')
    .description('What a guardrail prevents, for whom it leaves room, and its statements.');
  withCommonOptions(command).action((id: string, options: CommonOptions) => {
    const found = guardrailOf(id, readConfigured(options));
    io.stdout.write(options.json ? `${JSON.stringify(record(found))}\n` : text(found));
  });
}

function documents({ statements }: ConfiguredGuardrail): unknown[] {
  return statements.map((statement) => JSON.parse(statementText(statement)) as unknown);
}

function record(found: ConfiguredGuardrail) {
  const { statements, check, parameters, ...guardrail } = found.guardrail;
  return {
    ...guardrail,
    on: found.off === undefined,
    off: found.off,
    parameters: Object.entries(parameters).map(([name, { meaning, default: fallback, wanted }]) => ({
      name,
      meaning,
      wanted,
      default: fallback,
      value: found.settings[name],
    })),
    statements: documents(found),
  };
}

function text(found: ConfiguredGuardrail): string {
  const { id, title, prevents, parameters, exceptions, gaps, makesUnnecessary, notAsBoundary } = found.guardrail;
  const list = (name: string, items: readonly string[]) =>
    items.length === 0 ? [] : ['', name, ...items.map((item) => `  - ${item}`)];
  const lines = [
    pc.bold(title),
    `${id} · ${found.off === undefined ? 'on' : `off: ${found.off}`}`,
    '',
    prevents,
    ...list('Leaves room for', exceptions),
    ...list('Does not stop', gaps),
    ...list('Makes unnecessary, where it is in force', [
      ...makesUnnecessary.detections.map((name) => `detection ${name}`),
      ...makesUnnecessary.responders.map((name) => `responder ${name}`),
    ]),
    ...list(
      'Parameters',
      Object.entries(parameters).map(
        ([name, { meaning }]) => `${name} = ${JSON.stringify(found.settings[name])}: ${meaning}`,
      ),
    ),
    ...(notAsBoundary ? ['', `No permissions boundary: ${notAsBoundary}.`] : []),
    '',
    'Statements',
    ...documents(found).map((document) => JSON.stringify(document, null, 2)),
    ...(found.statements.length === 0 ? [`  none: ${found.off}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
