import { existsSync } from 'node:fs';
import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import { allEngines, type EngineName } from '../../detections/engines';
import type { DetectionRules } from '../../detections/rollout';
import type { ConfiguredDetection } from '../../detections/settings';
import { underTrial } from '../../detections/trial';
import type { Io } from '../io';
import type { CommonOptions } from '../options';
import { rolledOut } from '../rollout/detections';
import { loadFiles } from '../rollout/files';
import { chosen, readOverrides, type SettingsOptions } from './shared';

const columns: readonly EngineName[] = ['eventbridge', 'cloudwatch', 'elasticsearch', 'elasticsearch (ecs)'];

/** `garrison detections list` and `show`. */
export function registerList(command: Command, io: Io): void {
  command
    .command('list')
    .description('All detections: severity, where they occur, which engines can say them, which are rolled out.')
    .option('--settings <file>', 'settings, YAML')
    .option('--config <file>', 'the configuration whose section `detections` is rolled out', 'garrison.yaml')
    .option('--accounts <file>', 'the accounts', 'accounts.csv')
    .option('--json', 'JSON', false)
    .action((options: ListOptions, command: Command) => {
      const named = command.getOptionValueSource('config') !== 'default';
      const rollout = named || existsSync(options.config) ? rolledOut(loadFiles(options)) : undefined;
      const rows = chosen([], readOverrides(options)).map((configured) => row(configured, rollout));
      io.stdout.write(options.json ? `${JSON.stringify(rows)}\n` : table(rows, options.config, rollout));
    });
  command
    .command('show <id>')
    .description('Everything about one detection.')
    .option('--settings <file>', 'settings, YAML')
    .option('--json', 'JSON', false)
    .action((id: string, options: SettingsOptions & { json: boolean }) => {
      for (const configured of chosen([id], readOverrides(options))) {
        io.stdout.write(options.json ? `${JSON.stringify(record(configured))}\n` : text(configured));
      }
    });
}

type ListOptions = SettingsOptions & CommonOptions;

/** Whether a detection is rolled out, or why not. */
function standing(id: string, { alertedIds, leftOut }: DetectionRules): boolean | string {
  return alertedIds.includes(id) || (leftOut.find((one) => one.id === id)?.reason ?? 'not enabled');
}

function row(configured: ConfiguredDetection, rollout?: DetectionRules) {
  const { detection, needs } = configured;
  const engines = allEngines(needs && detection.trial ? underTrial(detection) : configured);
  return {
    id: detection.id,
    title: detection.title,
    severity: detection.severity,
    regions: detection.regions,
    needs,
    ...(rollout && { rolledOut: standing(detection.id, rollout) }),
    engines: Object.fromEntries(
      columns.map((name) => {
        const engine = engines[name];
        return [name, 'refused' in engine ? engine.refused : true];
      }),
    ),
  };
}

type Row = ReturnType<typeof row>;

function table(rows: readonly Row[], config: string, rollout: DetectionRules | undefined): string {
  const view = new Table({
    head: [
      'detection',
      'severity',
      'regions',
      'EventBridge',
      'CloudWatch',
      'Elastic raw',
      'Elastic ECS',
      ...(rollout ? ['rolled out'] : []),
    ],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, severity, regions, needs, engines, rolledOut: standing } of rows) {
    view.push([
      needs ? `${id} (needs ${needs})` : id,
      severity,
      regions,
      ...columns.map((name) => (engines[name] === true ? 'yes' : 'no')),
      ...(rollout ? [standing === true ? 'yes' : 'no'] : []),
    ]);
  }
  const reasons = (rollout?.leftOut ?? []).map(({ id, reason }) => `${id} is left out by ${config}: ${reason}`);
  return [
    view.toString(),
    `${rows.length} detections. \`garrison detections show <id>\` tells more; a "no" is a compile error with its reason.`,
    ...reasons,
    '',
  ].join('\n');
}

function record({ detection, settings, condition, threshold, needs }: ConfiguredDetection) {
  const { firing, quiet, ...rest } = detection;
  return { ...rest, settings, condition, threshold, needs, firing: firing.length, quiet: quiet.length };
}

function text({ detection, settings, threshold, needs }: ConfiguredDetection): string {
  const { references } = detection;
  const lines = [
    pc.bold(detection.title),
    `${detection.id} · ${detection.severity} · ${detection.regions === 'all' ? 'every region' : detection.regions}`,
    '',
    detection.meaning,
    '',
    'What to do',
    ...detection.runbook.map((step, index) => `  ${index + 1}. ${step}`),
    '',
    `Counts:      ${detection.outcome === 'success' ? 'calls that succeeded' : 'calls, whether they succeeded or not'}`,
    `Requires:    ${detection.requires.join(', ')}`,
    ...(threshold
      ? [
          `Threshold:   ${threshold.count} within ${threshold.windowMinutes} minutes, for each ${threshold.per.join(' and ')}`,
        ]
      : []),
    ...(needs ? [`Off:         parameter ${needs} is not set`] : []),
    ...Object.entries(detection.parameters).map(
      ([name, { meaning }]) => `Parameter:   ${name} = ${JSON.stringify(settings[name])}: ${meaning}`,
    ),
    ...(references.cis.length > 0 ? [`CIS:         ${references.cis.join(', ')}`] : []),
    ...(references.securityHub ? [`Security Hub: ${references.securityHub.join(', ')}`] : []),
    `ATT&CK:      ${references.attack.join(', ')}`,
    `Examples:    ${detection.firing.length} that fire, ${detection.quiet.length} that do not`,
  ];
  return `${lines.join('\n')}\n`;
}
