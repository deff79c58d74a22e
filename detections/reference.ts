import { catalog } from './catalog';
import type { Detection } from './detection';
import { allEngines, type EngineName } from './engines';
import { underTrial } from './trial';

const engines: readonly EngineName[] = ['eventbridge', 'cloudwatch', 'elasticsearch', 'elasticsearch (ecs)'];
const sections: readonly (readonly [string, number])[] = [
  ['1.2', 3],
  ['1.4', 4],
  ['1.5', 4],
  ['2.0', 4],
  ['3.0', 4],
  ['4.0.1', 4],
  ['5.0', 4],
  ['6.0', 5],
  ['7.0', 5],
];

/** The generated part of docs/detections.md, Markdown: coverage of CIS, then every detection. */
export function referenceText(): string {
  return [coverage(), ...catalog.map(entry)].join('\n');
}

function coverage(): string {
  const head = [
    '#',
    'Security Hub',
    ...sections.map(([version]) => `CIS ${version}`),
    'detection',
    'exact filter',
    'better filter',
  ];
  const rows = Array.from({ length: 15 }, (_, index) => index + 1).map((number) => {
    const covering = sections.map(([version, section]) => {
      const id = `${version}:${section}.${number}`;
      return { id, detection: catalog.find(({ references }) => references.cis.includes(id)) };
    });
    const detection = covering.find((one) => one.detection)?.detection;
    const control = detection?.references.securityHub?.[0];
    const better = detection && !('refused' in allEngines(underTrial(detection)).cloudwatch);
    return [
      String(number),
      control ?? '–',
      ...covering.map((one) => (one.detection ? (one.id.split(':')[1] ?? '') : '–')),
      detection ? `[${detection.id}](#${detection.id})` : 'none',
      detection?.exact ? 'yes' : 'no',
      better ? 'yes' : 'no',
    ];
  });
  return ['## Coverage of the CIS benchmarks', '', table(head, rows), ''].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function entry(detection: Detection): string {
  const { id, title, severity, meaning, runbook, references, parameters, regions, requires, exact } = detection;
  const configured = underTrial(detection);
  const compiled = allEngines(configured);
  const refused = engines.flatMap((name) => {
    const engine = compiled[name];
    return 'refused' in engine ? [`- Not for ${name}: ${engine.refused}.`] : [];
  });
  return [
    `## ${id}`,
    '',
    `**${title}** (${severity}; ${regions === 'all' ? 'every region' : regions === 'sign-in' ? 'regions of sign-ins' : regions}; needs ${requires.join(', ')})`,
    '',
    meaning,
    '',
    ...runbook.map((step, index) => `${index + 1}. ${step}`),
    '',
    ...Object.entries(parameters).map(
      ([name, parameter]) => `- \`${name}\` (${JSON.stringify(parameter.default)}): ${parameter.meaning}.`,
    ),
    ...(configured.threshold
      ? [`- Counted for each ${configured.threshold.per.map((path) => `\`${path}\``).join(' and ')}.`]
      : []),
    ...refused,
    `- ATT&CK ${references.attack.join(', ')}${references.cis.length > 0 ? `; CIS ${references.cis.join(', ')}` : ''}.`,
    ...(exact ?? []).map(({ control, pattern }) => `- Exact filter for ${control}: \`${pattern}\``),
    '',
  ].join('\n');
}
