import { GarrisonError } from '../../organization/errors';
import { serviceControlLimits } from '../pack';
import { inForceAt } from './plan';
import type { Change, ObservedOrganization, Target } from './types';

/** How far the person said to go. */
export interface Permission {
  /** `--all`: the whole organization. */
  readonly all: boolean;
  /** `--enable-policy-type`: switch service control policies on. */
  readonly enableType: boolean;
}

/** Why the policies may not be attached there, all reasons at once. Pure. */
export function attachmentProblems(
  observed: ObservedOrganization,
  target: Target,
  { all, enableType }: Permission,
): GarrisonError[] {
  const problems: GarrisonError[] = [];
  if (target.id === observed.managementAccountId) {
    problems.push(
      new GarrisonError(
        'guardrail.management',
        `${target.id} is the management account: service control policies do not hold there`,
        'Choose a unit or another account; keep work out of the management account.',
        { accountId: target.id },
      ),
    );
  }
  if (target.kind === 'root') {
    problems.push(...rootProblems(observed, all));
  }
  if (!observed.typeEnabled && !enableType) {
    problems.push(
      new GarrisonError(
        'guardrail.type',
        'service control policies are not switched on in this organization',
        'Add --enable-policy-type: AWS then attaches FullAWSAccess everywhere, which changes nothing by itself.',
      ),
    );
  }
  return problems;
}

function rootProblems(observed: ObservedOrganization, all: boolean): GarrisonError[] {
  const tried = inForceAt(observed).some(({ kind }) => kind !== 'account');
  return [
    ...(all
      ? []
      : [
          new GarrisonError(
            'guardrail.root',
            'the root stands for every account of the organization but the management account',
            'Attach to one unit first; then say --all with --to root.',
          ),
        ]),
    ...(tried
      ? []
      : [
          new GarrisonError(
            'guardrail.untried',
            'no unit has these guardrails yet',
            'Attach to one unit first, and see for some days that nobody is stopped who should not be.',
          ),
        ]),
  ];
}

/** Whether a target has room for the policies that are to be attached. Pure. `hanging`: names of those it has. */
export function roomProblems(target: Target, hanging: readonly string[], changes: readonly Change[]): GarrisonError[] {
  const coming = changes.filter((change) => change.kind === 'attach' && change.target.id === target.id).length;
  const most = serviceControlLimits.attached;
  return coming === 0 || hanging.length + coming <= most
    ? []
    : [
        new GarrisonError(
          'guardrail.attachments',
          `${target.name} has ${hanging.length} service control policies (${hanging.join(', ')}), and ${coming} more would be over AWS's limit of ${most}`,
          'Detach some there, or attach the guardrails to the unit above it.',
        ),
      ];
}
