import pc from 'picocolors';
import type { CellPlan, StackPlan, StackSetPlan } from '../../cloudformation';
import type { Change, PlanNote } from '../../guardduty';
import type { Cell } from '../../organization/accounts';
import type { Picture } from '../rollout/picture';
import { placeLines } from './places';
import { policyLines } from './policies';
import { resourceLines } from './resourceLines';

/** Notes that a person has to act on. */
const toBeMended: readonly PlanNote['code'][] = ['guardduty.setting.foreign', 'guardduty.destination.refused'];

/** Nothing is to be done, by Garrison or by a person. Cells in which nothing can run do not count. */
export function isDone(picture: Picture): boolean {
  return (
    stacksOf(picture).every(({ action }) => action === 'none') &&
    picture.stackSets.every(({ cells }) => cells.every(isSettled)) &&
    picture.guard.changes.length === 0 &&
    (picture.policies?.changes.length ?? 0) + (picture.policies?.problems.length ?? 0) === 0 &&
    picture.guard.notes.every(({ code }) => !toBeMended.includes(code)) &&
    picture.coverage.every(({ state }) => state === 'guarded' || state === 'out-of-reach')
  );
}

function isSettled({ action }: CellPlan): boolean {
  return action === 'none' || action === 'adopted' || action === 'blocked';
}

/** The plan for scripts: plain data, stable. */
export function changeRecord(picture: Picture) {
  return {
    stack: picture.stack,
    ...(picture.record ? { record: picture.record } : {}),
    ...(picture.findings ? { findings: picture.findings } : {}),
    stackSets: picture.stackSets.map(({ stackSet, exists, cells }) => ({
      stackSet,
      exists,
      cells: cells.filter(({ action }) => action !== 'none'),
    })),
    members: picture.guard.changes,
    ...(picture.policies ? { policies: picture.policies } : {}),
    blocked: picture.guard.blocked,
    notes: picture.guard.notes,
  };
}

/** The plan for a person: what is destroyed comes first. With `details`, every account and region. */
export function changeLines(picture: Picture, options: { readonly details: boolean }): string[] {
  const removals = picture.stackSets.flatMap((stackSet) => cellLines(stackSet, 'delete', options.details));
  // Cells in which nothing can run: the coverage counts them, their list is a detail.
  const shown: readonly CellPlan['action'][] = [
    'create',
    'update',
    'adopted',
    ...(options.details ? (['blocked'] as const) : []),
  ];
  const additions = picture.stackSets.flatMap((stackSet) =>
    shown.flatMap((action) => cellLines(stackSet, action, options.details)),
  );
  return [
    ...removedResources(picture),
    ...removals,
    ...stacksOf(picture).flatMap((stack) => stackLines(stack, options.details)),
    ...additions,
    ...memberLines(picture.guard.changes, options.details),
    ...policyLines(picture.policies),
    ...blockedLines(picture, options.details),
    ...noteLines(picture.guard.notes),
  ];
}

function stacksOf({ record, findings, stack }: Picture): StackPlan[] {
  return [record, findings, stack].filter((one) => one !== undefined);
}

function removedResources(picture: Picture): string[] {
  return stacksOf(picture).flatMap((stack) =>
    stack.resources
      .filter(({ change, retained }) => change === 'remove' && !retained)
      .map(({ logicalId, name, type }) => `${pc.red('- destroy')}  ${stack.stackName}: ${type} ${name ?? logicalId}`),
  );
}

function stackLines(stack: StackPlan, details: boolean): string[] {
  if (stack.action === 'none') {
    return [];
  }
  const title = `${mark(stack.action)}  stack ${stack.stackName} in ${stack.accountId} ${stack.region}: ${stack.resources.length} ${stack.resources.length === 1 ? 'resource' : 'resources'}`;
  const rows = resourceLines(stack.resources.filter(({ change, retained }) => change !== 'remove' || retained));
  return details ? [title, ...rows] : [title];
}

type Action = CellPlan['action'] | 'recreate';

function mark(action: Action): string {
  switch (action) {
    case 'delete':
    case 'recreate':
      return pc.red(`- ${action}`.padEnd(9));
    case 'create':
      return pc.green('+ create ');
    case 'update':
      return pc.yellow('~ update ');
    case 'adopted':
      return pc.cyan('= adopt  ');
    case 'blocked':
      return pc.dim('· skip   ');
    case 'none':
      return '         ';
  }
}

function cellLines(
  { stackSet, cells, operations }: StackSetPlan,
  action: CellPlan['action'],
  details: boolean,
): string[] {
  const own = cells.filter((cell) => cell.action === action);
  if (own.length === 0) {
    return [];
  }
  const accounts = new Set(own.map(({ accountId }) => accountId));
  const consequence = (): string => {
    if (operations.some(({ kind, retainStacks }) => kind === 'delete' && retainStacks)) {
      return ': let go of, and what they made stays (operations.removedAccounts: retain)';
    }
    // With a reason, it is an instance that never got its detector.
    const switchesOff = stackSet === 'garrison-detectors' && own.some(({ reason }) => reason === undefined);
    return switchesOff ? ': GuardDuty is switched off there' : '';
  };
  const title = `${mark(action)}  ${stackSet}: ${own.length} ${own.length === 1 ? 'instance' : 'instances'} in ${accounts.size} ${accounts.size === 1 ? 'account' : 'accounts'}${action === 'delete' ? consequence() : ''}`;
  return details || action === 'delete' ? [title, ...placeLines(own)] : [title];
}

const verbs: Readonly<Record<Change['kind'], string>> = {
  'enable-detector': 'switch detector on',
  'set-frequency': 'set finding publishing frequency',
  'set-plans': 'set protection plans',
  'delegate-administrator': 'delegate the administration to the security account',
  'set-auto-enable': "set which of the organization's accounts are enrolled by themselves",
  'delete-members': 'forget member, to create it anew',
  'create-members': 'create member',
  'invite-members': 'invite member',
  'start-monitoring': 'resume monitoring of member',
  'accept-invitation': 'accept invitation',
  'set-member-plans': "set members' protection plans",
  'set-filter': 'set suppression filter',
  'delete-filter': 'delete suppression filter of ours',
  'set-list': 'set trusted or threat list',
  'delete-list': 'delete list of ours',
  'set-destination': 'set publishing destination',
  'delete-destination': 'delete publishing destination of ours',
  'note-settings': 'note ids of our settings, so that one call finds each',
};

function memberLines(changes: readonly Change[], details: boolean): string[] {
  return (Object.keys(verbs) as Change['kind'][]).flatMap((kind) => {
    const own = changes.filter((change) => change.kind === kind);
    const cells = own.flatMap((change) =>
      ('accountIds' in change ? change.accountIds : [change.accountId]).map((accountId) => ({
        accountId,
        region: change.region,
      })),
    );
    if (cells.length === 0) {
      return [];
    }
    const title = `${mark('update')}  GuardDuty: ${verbs[kind]} in ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`;
    return details ? [title, ...placeLines(cells)] : [title];
  });
}

/** Why cells stay unguarded whatever is applied, each reason once; those that wait only for an earlier stage are left out. */
function blockedLines({ guard }: Picture, details: boolean): string[] {
  const groups = new Map<string, Cell[]>();
  for (const { accountId, region, reason, remedy, code } of guard.blocked) {
    if (code !== 'guardduty.administrator.detector') {
      const key = `${reason}\n${remedy}`;
      groups.set(key, [...(groups.get(key) ?? []), { accountId, region }]);
    }
  }
  return [...groups].flatMap(([key, cells]) => {
    const [reason, remedy] = key.split('\n');
    const isNamed = new Set(cells.map(({ accountId }) => accountId)).size === 1;
    return [
      `${pc.red('! cannot ')}  ${placesOf(cells)}: ${reason}`,
      `           ${pc.dim('→')} ${remedy}`,
      ...(details && !isNamed ? placeLines(cells) : []),
    ];
  });
}

/** Accounts and regions in few words: names where they are few. */
function placesOf(cells: readonly Cell[]): string {
  const accounts = new Set(cells.map(({ accountId }) => accountId));
  const regions = new Set(cells.map(({ region }) => region));
  const who = accounts.size === 1 ? [...accounts][0] : `${accounts.size} accounts,`;
  const where = regions.size > 3 ? `${regions.size} regions` : [...regions].join(', ');
  return `${who} ${where}`;
}

const noteReasons: Readonly<Record<PlanNote['code'], string>> = {
  'guardduty.plan.unavailable': 'GuardDuty does not offer it there',
  'guardduty.plan.managedByPolicy': 'managed by policy',
  'guardduty.destination.refused': 'GuardDuty may not write there: see the policies of the bucket and the key',
  'guardduty.setting.foreign': 'somebody else created what stands there; rename ours, or remove theirs',
};

/** Protection plans that are wanted and that nobody can set: one line for each plan and reason. */
function noteLines(notes: readonly PlanNote[]): string[] {
  const groups = new Map<string, PlanNote[]>();
  for (const note of notes) {
    const key = `${note.plan}\n${note.code}`;
    groups.set(key, [...(groups.get(key) ?? []), note]);
  }
  return [...groups.values()].flatMap((cells) => {
    const { plan, code } = cells[0] as PlanNote;
    return [`${pc.cyan('i note   ')}  ${plan} stays as it is in ${placesOf(cells)}: ${noteReasons[code]}`];
  });
}
