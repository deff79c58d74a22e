import Table from 'cli-table3';
import type { Command } from 'commander';
import pc from 'picocolors';
import { allEngines, type EngineName } from '../../detections/engines';
import type { ConfiguredDetection } from '../../detections/settings';
import { underTrial } from '../../detections/trial';
import type { Io } from '../io';
import { chosen, readOverrides, type SettingsOptions } from './shared';

const columns: readonly EngineName[] = ['eventbridge', 'cloudwatch', 'elasticsearch', 'elasticsearch (ecs)'];

/** `garrison detections list` and `show`. */
export function registerList(command: Command, io: Io): void {
  command
    .command('list')
    .description('All detections: severity, where they occur, which engines can say them.')
    .option('--settings <file>', 'settings, YAML')
    .option('--json', 'JSON', false)
    .action((options: SettingsOptions & { json: boolean }) => {
      const rows = chosen([], readOverrides(options)).map(row);
      io.stdout.write(options.json ? `${JSON.stringify(rows)}\n` : table(rows));
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

function row(configured: ConfiguredDetection) {
  const { detection, needs } = configured;
  const engines = allEngines(needs && detection.trial ? underTrial(detection) : configured);
  return {
    id: detection.id,
    title: detection.title,
    severity: detection.severity,
    regions: detection.regions,
    needs,
    engines: Object.fromEntries(
      columns.map((name) => {
        const engine = engines[name];
        return [name, 'refused' in engine ? engine.refused : true];
      }),
    ),
  };
}

function table(rows: readonly ReturnType<typeof row>[]): string {
  const view = new Table({
    head: ['detection', 'severity', 'regions', 'EventBridge', 'CloudWatch', 'Elastic raw', 'Elastic ECS'],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, severity, regions, needs, engines } of rows) {
    view.push([
      needs ? `${id} (needs ${needs})` : id,
      severity,
      regions,
      ...columns.map((name) => (engines[name] === true ? 'yes' : 'no')),
    ]);
  }
  return `${view.toString()}\n${rows.length} detections. \`garrison detections show <id>\` tells more; a "no" is a compile error with its reason.\n`;
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
