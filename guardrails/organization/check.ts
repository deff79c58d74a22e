import { GarrisonError } from '../../organization/errors';
import { serviceControlLimits } from '../pack';
import { policiesAt } from './plan';
import type { Change, ObservedOrganization, Target, WantedPolicy } from './types';

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
  wanted: readonly WantedPolicy[],
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
    problems.push(...rootProblems(observed, wanted, all));
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

function rootProblems(observed: ObservedOrganization, wanted: readonly WantedPolicy[], all: boolean): GarrisonError[] {
  const units = observed.policies.flatMap(({ targets }) => targets).filter(({ kind }) => kind === 'unit');
  const tried = units.some((unit) => {
    const names = policiesAt(observed, unit).map(({ name }) => name);
    return wanted.every(({ name }) => names.includes(name));
  });
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
            units.length === 0
              ? 'no unit has guardrails yet'
              : 'no unit has these guardrails: those in force are others',
            'Attach to one unit first, and see for some days that nobody is stopped who should not be.',
          ),
        ]),
  ];
}

/** Places for policies that a target has left. `hanging`: names of all that hang there. */
export function freePlaces(hanging: readonly string[]): number {
  return serviceControlLimits.attached - hanging.length;
}

/** Whether a target has room for what hangs there in the end. Pure. `hanging`: names of all that hang there now. */
export function roomProblems(target: Target, hanging: readonly string[], changes: readonly Change[]): GarrisonError[] {
  const coming = changes.filter(({ kind }) => kind === 'attach').length;
  const going = changes.filter(({ kind }) => kind === 'detach').length;
  const most = serviceControlLimits.attached;
  return coming === 0 || hanging.length + coming - going <= most
    ? []
    : [
        new GarrisonError(
          'guardrail.attachments',
          `${target.name} has ${hanging.length} service control policies (${hanging.join(', ')}), and ${coming} more would be over AWS's limit of ${most}`,
          'Detach some there, or attach the guardrails to the unit above it.',
        ),
      ];
}
