import type { Command } from 'commander';
import { compileCloudWatch, exactCloudWatch } from '../../detections/compile/cloudwatch';
import { compileElasticsearch } from '../../detections/compile/elasticsearch';
import { compileEventBridge } from '../../detections/compile/eventbridge';
import { indexTemplate } from '../../detections/compile/indexTemplate';
import { compileOpenSearch } from '../../detections/compile/opensearch';
import { profiles } from '../../detections/compile/profiles';
import { CompileError } from '../../detections/errors';
import type { ConfiguredDetection } from '../../detections/settings';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';
import { withOwnAdministrators } from './administrators';
import { chosen, readOverrides, reported, type SettingsOptions } from './shared';

export interface CompileOptions extends SettingsOptions {
  readonly to: string;
  readonly nearest: readonly string[];
  readonly exact: boolean;
  readonly profile: string;
  readonly index?: string;
  readonly logGroup: string;
  readonly topic: string;
  readonly slackTo?: readonly string[];
  readonly maximumPatternLength?: string;
  readonly administratorPolicy: readonly string[];
}

type Compiler = (configured: ConfiguredDetection, options: CompileOptions, nearest: boolean) => readonly unknown[];

const compilers: Readonly<Record<string, Compiler>> = {
  eventbridge: (configured, { maximumPatternLength }, nearest) =>
    compileEventBridge(configured, {
      nearest,
      maximumPatternLength: maximumPatternLength === undefined ? undefined : positive(maximumPatternLength),
    }),
  cloudwatch: (configured, { logGroup, topic, exact }, nearest) => {
    const target = { logGroupName: logGroup, topicArn: topic, nearest };
    return exact ? exactCloudWatch(configured, target) : [compileCloudWatch(configured, target)];
  },
  elasticsearch: (configured, options, nearest) => [compileElasticsearch(configured, { ...elastic(options), nearest })],
  opensearch: (configured, options, nearest) => [compileOpenSearch(configured, { ...elastic(options), nearest })],
};

/** `garrison detections compile`. */
export function registerCompile(command: Command, io: Io): void {
  withCompileOptions(command.command('compile [id...]'))
    .description('Print what the detections are for an engine, as JSON. What it cannot say is told with the reason.')
    .requiredOption('--to <engine>', 'eventbridge, cloudwatch, elasticsearch or opensearch')
    .option('--exact', 'cloudwatch: the filters that CIS and Security Hub prescribe, letter by letter', false)
    .option('--log-group <name>', 'cloudwatch: log group of the trail', 'garrison-trail')
    .option(
      '--topic <arn>',
      'cloudwatch: topic that the alarms tell',
      'arn:aws:sns:us-east-1:111122223333:garrison-alarms',
    )
    .option('--maximum-pattern-length <characters>', 'eventbridge: your account’s quota')
    .action(async (ids: readonly string[], options: CompileOptions) => {
      const { compiled, refused } = await compileAll(ids, options);
      io.stdout.write(
        `${JSON.stringify({ engine: options.to, ...extras(options, ids), compiled, refused }, undefined, 2)}\n`,
      );
      for (const { id, reason } of refused) {
        io.stderr.write(`${id}: ${reason}\n`);
      }
      io.setExitCode(refused.length > 0 && ids.length > 0 ? 1 : 0);
    });
}

/** Options of everything that compiles. */
export function withCompileOptions(command: Command): Command {
  return command
    .option('--nearest <id...>', 'say the wider condition for these detections, where there is one', [])
    .option('--administrator-policy <arn...>', 'roles of this account with these policies count as privileged', [])
    .option('--settings <file>', 'settings, YAML')
    .option('--account <id>', 'the settings of this account')
    .option('--unit <path>', 'the settings of this organizational unit')
    .option('--profile <name>', 'elasticsearch, opensearch: raw or ecs', 'raw')
    .option('--index <pattern>', 'elasticsearch, opensearch: the indices')
    .option('--slack-to <channel...>', 'elasticsearch: channels');
}

/** Compiles the detections; those that are off or cannot be said are refused with the reason. */
export async function compileAll(ids: readonly string[], options: CompileOptions) {
  const compiler = Object.hasOwn(compilers, options.to) ? compilers[options.to] : undefined;
  if (!compiler) {
    throw new GarrisonError(
      'option.to',
      `--to ${options.to} is no engine`,
      `Choose one of ${Object.keys(compilers).join(', ')}.`,
    );
  }
  const compiled: unknown[] = [];
  const refused: { id: string; reason: string }[] = [];
  const overrides = await withOwnAdministrators(readOverrides(options), options.administratorPolicy);
  for (const configured of chosen(ids, overrides)) {
    const { id } = configured.detection;
    const nearest = options.nearest.includes(id);
    if (configured.needs !== undefined && !nearest) {
      refused.push({ id, reason: `off: parameter ${configured.needs} is not set` });
      continue;
    }
    try {
      compiled.push(...compiler(configured, options, nearest));
    } catch (error) {
      if (!(error instanceof CompileError)) {
        reported(() => {
          throw error;
        });
      }
      refused.push({ id, reason: refusal(error) });
    }
  }
  return { compiled, refused };
}

function refusal(error: unknown): string {
  return error instanceof CompileError ? `${error.reason}. ${error.remedy}` : String(error);
}

function extras(options: CompileOptions, ids: readonly string[]) {
  const isElastic = options.to === 'elasticsearch' || options.to === 'opensearch';
  return isElastic && options.profile === 'raw'
    ? { indexTemplate: indexTemplate(chosen(ids, readOverrides(options))) }
    : {};
}

function elastic({ profile, index, slackTo }: CompileOptions) {
  const known = Object.hasOwn(profiles, profile) ? profiles[profile] : undefined;
  if (!known) {
    throw new GarrisonError(
      'option.profile',
      `--profile ${profile} is not known`,
      `Choose one of ${Object.keys(profiles).join(', ')}.`,
    );
  }
  return { profile: known, index, slack: slackTo && { to: slackTo } };
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0) {
    throw new GarrisonError(
      'option.maximumPatternLength',
      `--maximum-pattern-length ${text} is no number of characters`,
      'Give a whole number.',
    );
  }
  return value;
}
