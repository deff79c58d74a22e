import pc from 'picocolors';
import type { ObservedStackSet } from '../../cloudformation';
import { placeLines } from '../views/places';
import { policyLines } from '../views/policies';
import type { Bootstrapped } from './managementPart';
import { detectors, type Standing } from './observe';

/** What removal would destroy in the security account and from there, in words; empty when there is nothing. */
export function removalLines(standing: Standing, { keepGuardDuty, deleteRecord, deleteFindings }: Choices): string[] {
  return [
    ...(keepGuardDuty ? [] : [...policyLines(standing.policies), ...memberLines(standing)]),
    ...standing.stackSets.flatMap((stackSet) => stackSetLines(stackSet, standing, keepGuardDuty)),
    ...stackLines(standing),
    ...(deleteRecord && standing.record
      ? [`${destroy}  stack garrison-record: the record of who used which privilege and what for, with all its entries`]
      : []),
    ...(deleteFindings && standing.findings
      ? [`${destroy}  stack garrison-findings: the findings that GuardDuty exported, with their bucket and key`]
      : []),
  ];
}

/** What whoever removes has chosen. */
export interface Choices {
  readonly keepGuardDuty: boolean;
  readonly deleteRecord: boolean;
  readonly deleteFindings: boolean;
}

/** What stays, and why. */
export function keptLines(
  { stack, record, findings, strangers }: Standing,
  { keepGuardDuty, deleteRecord, deleteFindings }: Choices,
): string[] {
  const retained = Object.entries(stack?.template.Resources ?? {}).filter(
    ([, { DeletionPolicy }]) => DeletionPolicy === 'Retain',
  );
  return [
    ...(keepGuardDuty
      ? ['  stays    GuardDuty: detectors, members and policies stay as they are (--keep-guardduty)']
      : []),
    ...retained.map(([logicalId, { Type }]) => `  stays    ${Type} ${logicalId}: the stack lets go of it`),
    ...(record && !deleteRecord
      ? [
          `  stays    stack garrison-record: the record of who used which privilege is evidence; --delete-record takes it out, too`,
        ]
      : []),
    ...(findings && !deleteFindings
      ? [
          `  stays    stack garrison-findings: bucket and key of the findings that GuardDuty exported; --delete-findings takes them out, too`,
        ]
      : []),
    ...strangers.map(
      ({ region, accountIds }) =>
        `  stays    GuardDuty members in ${region} that are not in accounts.csv: ${accountIds.join(' ')}; while they are members, the detector there cannot be deleted`,
    ),
  ];
}

function memberLines({ members }: Standing): string[] {
  const cells = members.flatMap(({ region, accountIds }) => accountIds.map((accountId) => ({ accountId, region })));
  return cells.length === 0
    ? []
    : [
        `${destroy}  GuardDuty members: ${cells.length} ${cells.length === 1 ? 'cell reports' : 'cells report'} here no more`,
        ...placeLines(cells),
      ];
}

function stackSetLines({ stackSet, instances }: ObservedStackSet, { inactive }: Standing, keep: boolean): string[] {
  if (instances.length === 0) {
    return [];
  }
  const accounts = new Set(instances.map(({ accountId }) => accountId));
  const isDetectors = stackSet === detectors;
  const consequence = isDetectors ? ': GuardDuty is switched off there' : '';
  const title =
    isDetectors && keep
      ? `${pc.yellow('- let go ')}  stack set ${stackSet}: ${instances.length} instances in ${accounts.size} accounts; their detectors stay on`
      : `${destroy}  stack set ${stackSet}: ${instances.length} ${instances.length === 1 ? 'instance' : 'instances'} in ${accounts.size} ${accounts.size === 1 ? 'account' : 'accounts'}${consequence}`;
  const places = instances.map(({ accountId, region }) => {
    const reason = inactive.get(accountId);
    return { accountId, region, ...(reason && { reason: `let go of: ${reason}` }) };
  });
  return [title, ...placeLines(places)];
}

function stackLines({ stack }: Standing): string[] {
  if (stack === undefined) {
    return [];
  }
  const types = Object.values(stack.template.Resources ?? {})
    .filter(({ Type, DeletionPolicy }) => Type !== 'AWS::CDK::Metadata' && DeletionPolicy !== 'Retain')
    .map(({ Type }) => Type.replace(/^AWS::/, ''));
  const counts = [...new Set(types)].map((type) => {
    const count = types.filter((other) => other === type).length;
    return count > 1 ? `${count} ${type}` : type;
  });
  return [`${destroy}  stack garrison-security: ${counts.join(', ')}`];
}

export const destroy = pc.red('- destroy');

/** What removal would destroy of the bootstrap, in words. */
export function bootstrappedLines(standing: Bootstrapped): string[] {
  const { organization, execution, administration, bucket, delegated, guardDuty, byLink } = standing;
  return [
    ...(guardDuty.length > 0
      ? [`${destroy}  the security account as GuardDuty's delegated administrator in ${guardDuty.join(' ')}`]
      : []),
    ...(organization
      ? [`${destroy}  stack garrison-organization: the execution roles in every account of the organization`]
      : []),
    ...(execution.length > 0
      ? [
          `${destroy}  stack garrison-execution in ${execution.length} accounts: their execution roles`,
          `    ${execution.join(' ')}`,
        ]
      : []),
    ...administration.map((accountId) => `${destroy}  stack garrison-administration in ${accountId}`),
    ...(bucket ? [`${destroy}  bucket ${bucket}, with everything in it`] : []),
    ...(delegated ? [`${destroy}  the security account as delegated administrator of StackSets`] : []),
    ...(byLink.length > 0
      ? [
          `  stays    stack garrison-execution in ${byLink.join(' ')}: only administrators of these accounts can delete it`,
        ]
      : []),
  ];
}
