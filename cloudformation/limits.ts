import { readFileSync } from 'node:fs';
import { GarrisonError } from '../organization/errors';
import type { AssemblyStack, Template } from './assembly';
import type { DesiredInstances } from './stackSets/types';

/** Source: AWS CloudFormation user guide, "Understand CloudFormation quotas". */
const quotas = {
  templateBytes: 1_048_576,
  resources: 500,
  parameters: 200,
  outputs: 200,
  instancesPerStackSet: 100_000,
} as const;

/**
 * What CloudFormation would refuse in the templates of an assembly, found before anything is changed: the templates
 * of stacks, and those of stack sets among the assets.
 */
export function checkTemplates(assembly: readonly AssemblyStack[]): GarrisonError[] {
  return assembly.flatMap((stack) => [
    ...checkTemplate(stack.id, stack.templateBody),
    ...stack.assets
      .filter((asset) => asset.path.endsWith('.stackset.template.json'))
      .flatMap((asset) => checkTemplate(asset.path.split('/').at(-1) as string, readFileSync(asset.path, 'utf8'))),
  ]);
}

/** What CloudFormation would refuse in the wanted instances of a stack set. */
export function checkInstances({ stackSet, cells }: DesiredInstances): GarrisonError[] {
  const { instancesPerStackSet } = quotas;
  return cells.length <= instancesPerStackSet
    ? []
    : [tooMuch(`Stack set ${stackSet}`, 'stack instances', cells.length, instancesPerStackSet)];
}

function checkTemplate(name: string, body: string): GarrisonError[] {
  const template = JSON.parse(body) as Template;
  const count = (section: object | undefined) => Object.keys(section ?? {}).length;
  const measures = [
    ['bytes', Buffer.byteLength(body), quotas.templateBytes],
    ['resources', count(template.Resources), quotas.resources],
    ['parameters', count(template.Parameters), quotas.parameters],
    ['outputs', count(template.Outputs), quotas.outputs],
  ] as const;
  return measures
    .filter(([, measured, most]) => measured > most)
    .map(([what, measured, most]) => tooMuch(`Template ${name}`, what, measured, most));
}

function tooMuch(which: string, what: string, measured: number, most: number): GarrisonError {
  return new GarrisonError(
    'quota.exceeded',
    `${which} has ${measured.toLocaleString('en')} ${what}; CloudFormation takes ${most.toLocaleString('en')}`,
    'Split it, or ask AWS whether the quota can be raised.',
  );
}
