import Table from 'cli-table3';
import type { Command } from 'commander';
import { type ConfiguredGuardrail, packPolicies, serviceControlLimits, statementText } from '../../guardrails';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { readConfigured } from './shared';

/** `garrison guardrails list`: the catalog, and what the configuration makes of it. */
export function registerList(parent: Command, io: Io): void {
  const command = parent
    .command('list')
    .description('Every guardrail, whether it is on, and what it makes unnecessary.');
  withCommonOptions(command).action((options: CommonOptions) => {
    const { guardrails, config } = readConfigured(options);
    const policies = packPolicies(guardrails, serviceControlLimits);
    if (options.json) {
      const record = {
        guardrails: guardrails.map(row),
        policies: policies.map(({ name }) => name),
        targets: config.guardrails.targets,
      };
      io.stdout.write(`${JSON.stringify(record)}\n`);
      return;
    }
    io.stdout.write(`${table(guardrails)}\n`);
    const sizes = policies.map(({ content }) => content.length).join(' + ');
    io.stdout.write(
      policies.length === 0
        ? 'None is on: `guardrails.enabled` in garrison.yaml switches them on; `garrison guardrails show <id>` tells more.\n'
        : `${policies.length} ${policies.length === 1 ? 'policy' : 'policies'} of ${sizes} characters (at most ${serviceControlLimits.characters} each).\n`,
    );
    warn(guardrails, io);
  });
}

/** Whoever can create a role that is left alone is left alone, too. */
export function warn(guardrails: readonly ConfiguredGuardrail[], io: Io): void {
  const on = (id: string) => guardrails.some(({ guardrail, off }) => guardrail.id === id && off === undefined);
  const others = guardrails.some(({ off }) => off === undefined);
  if (others && !on('keep-garrison')) {
    io.stderr.write(
      'warning: without keep-garrison an administrator of an account can create a role with the name of one that is exempt, and so get round the others.\n',
    );
  }
}

function row({ guardrail, off, statements }: ConfiguredGuardrail) {
  const { id, title, makesUnnecessary, notAsBoundary } = guardrail;
  const characters = statements.reduce((sum, statement) => sum + statementText(statement).length, 0);
  return { id, title, on: off === undefined, off, characters, makesUnnecessary, boundary: notAsBoundary === undefined };
}

function table(guardrails: readonly ConfiguredGuardrail[]): string {
  const view = new Table({
    head: ['guardrail', 'on', 'characters', 'makes unnecessary', 'as boundary'],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, on, off, characters, makesUnnecessary, boundary } of guardrails.map(row)) {
    const { detections, responders } = makesUnnecessary;
    view.push([
      id,
      on ? 'yes' : `no: ${off}`,
      characters || '',
      [...detections, ...responders.map((name) => `${name} (responder)`)].join('\n') || '',
      boundary ? 'yes' : 'no',
    ]);
  }
  return view.toString();
}
