import { readFileSync } from 'node:fs';
import { type AssemblyStack, checkInstances, checkTemplates, type Template } from '../../cloudformation';
import { GarrisonError } from '../../organization/errors';
import { optInRegionsAmong } from '../../roles/optInRegions';
import type { Rollout } from './context';
import { desiredInstances, inOrder } from './desired';
import type { SideStacks, SynthesizedStack } from './synthesis';

/** Characters without white space. Source: IAM user guide, "IAM and AWS STS quotas". */
const iamQuotas = { trust: 2_048, inlinePolicies: 10_240 } as const;

/** Characters of an event bus's policy. Source: EventBridge user guide, "Quotas". */
const busPolicyQuota = 10_240;

/** Members by invitation of one administrator. Source: GuardDuty user guide, "Quotas". */
const invitedMembers = 5_000;

/** What `apply` would be refused, found before anything is changed. */
export function predictedFailures(
  rollout: Rollout,
  stack: AssemblyStack,
  { record, findings }: SideStacks<SynthesizedStack>,
): GarrisonError[] {
  const desired = inOrder(desiredInstances(rollout, new Map(), []));
  const side = [record, findings].flatMap((one) => (one ? [one.stack] : []));
  return [
    ...templateFailures([...side, stack]),
    ...exportFailures(rollout),
    ...busFailures(stack),
    ...desired.flatMap(checkInstances),
    ...memberFailures(rollout),
  ];
}

/** What CloudFormation and IAM would refuse in templates of stacks, and of the stack sets among their assets. */
export function templateFailures(stacks: readonly AssemblyStack[]): GarrisonError[] {
  const templates = stacks.flatMap(({ id, template, assets }) => [
    { name: id, template },
    ...assets
      .filter(({ path }) => path.endsWith('.stackset.template.json'))
      .map(({ path }) => ({
        name: path.split('/').at(-1) ?? path,
        template: JSON.parse(readFileSync(path, 'utf8')) as Template,
      })),
  ]);
  return [...checkTemplates(stacks), ...templates.flatMap(({ name, template }) => roleFailures(name, template))];
}

/** A bus that admits accounts one by one holds some 600 of them: told before EventBridge refuses its policy. */
export function busFailures({ template: { Resources = {} } }: Pick<AssemblyStack, 'template'>): GarrisonError[] {
  const statements = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Events::EventBusPolicy')
    .map(({ Properties = {} }) => Properties.Statement);
  const characters = charactersOf({ Version: '2012-10-17', Statement: statements });
  return characters <= busPolicyQuota
    ? []
    : [
        new GarrisonError(
          'quota.exceeded',
          `the policy of the bus would have ${characters.toLocaleString('en')} characters, since it names the accounts; EventBridge takes ${busPolicyQuota.toLocaleString('en')}`,
          'Set organization.id in garrison.yaml: then the policy admits the organization.',
        ),
      ];
}

function roleFailures(name: string, { Resources = {} }: Template): GarrisonError[] {
  const roles = Object.entries(Resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  return roles.flatMap(([logicalId, { Properties = {} }]) => {
    const policies = (Properties.Policies ?? []) as readonly { readonly PolicyDocument?: unknown }[];
    const inline = policies.reduce((sum, { PolicyDocument }) => sum + charactersOf(PolicyDocument), 0);
    return [
      ...tooLong(
        `${name}: trust policy of ${logicalId}`,
        charactersOf(Properties.AssumeRolePolicyDocument),
        iamQuotas.trust,
      ),
      ...tooLong(`${name}: inline policies of ${logicalId}`, inline, iamQuotas.inlinePolicies),
    ];
  });
}

/** References are longer or shorter than what they stand for: near the limit this is a guess. */
function charactersOf(document: unknown): number {
  return document === undefined ? 0 : JSON.stringify(document).replace(/\s/g, '').length;
}

function tooLong(what: string, characters: number, most: number): GarrisonError[] {
  return characters <= most
    ? []
    : [
        new GarrisonError(
          'quota.exceeded',
          `${what} would have ${characters.toLocaleString('en')} characters; IAM takes ${most.toLocaleString('en')}`,
          'Name fewer regions or principals in garrison.yaml, or shorter role names.',
        ),
      ];
}

/** GuardDuty exports from no region to a bucket in another one that accounts opt in to. Source: GuardDuty user guide, "Exporting findings". */
function exportFailures({ config, regions }: Rollout): GarrisonError[] {
  const own = config.guardduty.publishingDestinations?.find(({ create }) => create);
  const optIn = optInRegionsAmong([config.homeRegion], config.partition);
  const others = (own?.regions ?? regions).filter((region) => region !== config.homeRegion);
  return own === undefined || optIn.length === 0 || others.length === 0
    ? []
    : [
        new GarrisonError(
          'guardduty.destination.optIn',
          `findings of ${others.join(' ')} cannot be exported to ${config.homeRegion}, which accounts opt in to: GuardDuty refuses it`,
          'Name a bucket in a region that is on by default (guardduty.publishingDestinations), or only the home region in `regions`.',
        ),
      ];
}

function memberFailures({ config, accounts }: Rollout): GarrisonError[] {
  const members = accounts.length - 1;
  return config.guardduty.route !== 'invitation' || members <= invitedMembers
    ? []
    : [
        new GarrisonError(
          'quota.exceeded',
          `accounts.csv has ${members.toLocaleString('en')} members; GuardDuty takes ${invitedMembers.toLocaleString('en')} by invitation`,
          'Set guardduty.route to auto or organization.',
        ),
      ];
}
