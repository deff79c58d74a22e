import { existsSync } from 'node:fs';
import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import { loadConfig } from '../../organization/config';
import { enabledResponders, type RespondersConfig } from '../../organization/config/responders';
import { GarrisonError } from '../../organization/errors';
import { nearest } from '../../organization/text';
import { responders } from '../../responders/catalog';
import type { Responder } from '../../responders/responder';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';

/** `garrison responders list` and `show`. */
export function registerList(command: Command, io: Io): void {
  const list = command.command('list').description('All responders: what each answers to, and where it acts.');
  withCommonOptions(list).action((options: CommonOptions) => {
    const rows = responders.map((responder) => row(responder, configured(options, list)));
    io.stdout.write(options.json ? `${JSON.stringify(rows)}\n` : table(rows));
  });
  const show = command.command('show <id>').description('Everything about one responder, its policy included.');
  withCommonOptions(show).action((id: string, options: CommonOptions) => {
    const responder = responderNamed(id);
    const record = {
      ...row(responder, configured(options, show)),
      meaning: responder.meaning,
      policy: policyOf(responder),
    };
    io.stdout.write(options.json ? `${JSON.stringify(record)}\n` : text(responder, record));
  });
}

/** Files that nobody named may be missing: the catalog is the same everywhere. */
function configured({ config }: CommonOptions, command: Command): RespondersConfig | undefined {
  return existsSync(config) || command.getOptionValueSource('config') === 'cli'
    ? loadConfig(config).responders
    : undefined;
}

/** @throws GarrisonError `responder.unknown` */
function responderNamed(id: string): Responder {
  const found = responders.find((responder) => responder.id === id);
  if (found === undefined) {
    const ids = responders.map((responder) => responder.id);
    const near = nearest(id, ids);
    const remedy = near ? `Did you mean ${near}?` : `Responders: ${ids.join(', ')}.`;
    throw new GarrisonError('responder.unknown', `there is no responder ${id}`, remedy);
  }
  return found;
}

function row({ id, title, detections, findingTypes, strategies }: Responder, config: RespondersConfig | undefined) {
  const enforced = (config?.enforce ?? []).filter((rule) => (rule.responders as readonly string[]).includes(id));
  return {
    id,
    title,
    enabled: config !== undefined && (enabledResponders(config) as readonly string[]).includes(id),
    detections,
    findingTypes,
    strategies: { notify: 'tells what it found, and leaves it', ...strategies },
    enforced: enforced.map(({ strategy, accounts, ous, tags, approval }) => ({
      strategy,
      accounts,
      ous,
      tags,
      approval,
    })),
  };
}

/** In the account and region in which it would act: those of the event. */
function policyOf(responder: Responder) {
  return responder.statements({ partition: 'aws', accountId: 'ACCOUNT', region: 'REGION' });
}

function table(rows: readonly ReturnType<typeof row>[]): string {
  const view = new Table({
    head: ['responder', 'on', 'strategies', 'answers to', 'acts'],
    style: { head: [], border: [], compact: true },
    wordWrap: true,
    colWidths: [24, 5, 26, 34, 24],
  });
  for (const { id, enabled, strategies, detections, findingTypes, enforced } of rows) {
    view.push([
      id,
      enabled ? 'yes' : 'no',
      Object.keys(strategies).join(', '),
      [...detections, ...findingTypes].join(', '),
      enabled ? places(enforced) : '',
    ]);
  }
  return `${view.toString()}\n${rows.length} responders. By themselves they notify; \`responders.enforce\` in garrison.yaml says where they act.\n`;
}

function places(enforced: ReturnType<typeof row>['enforced']): string {
  return enforced.length === 0
    ? 'nowhere: notifies'
    : enforced
        .map(({ strategy, accounts = [], ous = [], tags = {}, approval }) => {
          const where = [...accounts, ...ous, ...Object.entries(tags).map(([key, value]) => `${key}=${value}`)];
          return `${strategy}${approval ? ', asks' : ''}: ${where.join(', ')}`;
        })
        .join('; ');
}

function text(
  { title, id, meaning, detections, findingTypes }: Responder,
  { strategies, enabled, enforced, policy }: ReturnType<typeof row> & { readonly policy: unknown },
): string {
  const lines = [
    pc.bold(title),
    `${id} · ${enabled ? `on · ${places(enforced)}` : 'off'}`,
    '',
    meaning,
    '',
    ...(detections.length > 0 ? [`Detections: ${detections.join(', ')}`] : []),
    ...(findingTypes.length > 0 ? [`Findings:   ${findingTypes.join(', ')}`] : []),
    'Strategies:',
    ...Object.entries(strategies).map(([name, does]) => `  ${name.padEnd(11)} ${does}`),
    '',
    'All that it may do, in the account and region of the event:',
    JSON.stringify(policy, null, 2),
  ];
  return `${lines.join('\n')}\n`;
}
