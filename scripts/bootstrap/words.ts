import pc from 'picocolors';
import type { StackPlan } from '../../cloudformation';
import { bootstrapMethodOf } from '../../organization/config/bootstrap';
import type { Files } from '../rollout/files';
import { resourceLines } from '../views/resourceLines';
import { organizationStackSet, usesOrganization } from './organization';
import type { Bootstrap } from './work';

/** Which way the roles come into which accounts, and what a reviewer has to know before. */
export function methodLines(work: Bootstrap): string[] {
  const { byMethod, files } = work;
  const count = (accountIds: readonly string[]) =>
    `${accountIds.length} ${accountIds.length === 1 ? 'account' : 'accounts'}`;
  return [
    `assume-role   ${count(byMethod['assume-role'])}, through ${files.config.roles.accountAccessRole}`,
    ...(usesOrganization(work)
      ? [
          `organization  ${count(byMethod.organization)}, and every account that joins, by the stack set ${organizationStackSet}`,
        ]
      : []),
    ...(byMethod.links.length > 0
      ? [`links         ${count(byMethod.links)}, by their own administrators: garrison bootstrap --links <dir>`]
      : []),
    ...permissionWarning(files.config),
  ];
}

/** How many accounts get their roles in which way; nothing where all take the usual one. */
export function waysToBootstrap({ accounts, config }: Files): string[] {
  const ways = accounts.map((account) => bootstrapMethodOf(account, config));
  const counts = (['assume-role', 'organization', 'links'] as const)
    .map((method) => ({ method, count: ways.filter((way) => way === method).length }))
    .filter(({ count }) => count > 0)
    .map(({ method, count }) => `${method} ${count}`);
  return counts.length > 1 ? [`Roles come into accounts by: ${counts.join(', ')} (garrison bootstrap --plan).`] : [];
}

/** Everything, everywhere, has to be a conscious choice. */
export function permissionWarning(config: {
  readonly roles: { readonly permissions: string };
  readonly securityAccount: string;
}): string[] {
  return config.roles.permissions === 'administrator-access'
    ? [
        `${pc.yellow('! warning')}  roles.permissions is administrator-access: whoever may create a stack set in ${config.securityAccount} is administrator of every account`,
      ]
    : [];
}

/** What would change, with the policies of roles as a diff; accounts in which the same changes stand together. */
export function planLines(plans: readonly StackPlan[]): string[] {
  const groups = new Map<string, { plan: StackPlan; accountIds: string[] }>();
  for (const plan of plans.filter(({ action }) => action !== 'none')) {
    const key = JSON.stringify([plan.stackName, plan.action, plan.resources, plan.parameters]);
    const group = groups.get(key) ?? { plan, accountIds: [] };
    group.accountIds.push(plan.accountId);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(({ plan, accountIds }) => [
    `${marks[plan.action]}  ${plan.stackName}: ${placeOf(plan, accountIds)}`,
    ...resourceLines(plan.resources, coloured),
  ]);
}

function placeOf({ stackName }: StackPlan, accountIds: readonly string[]): string {
  return stackName === organizationStackSet
    ? 'in every account that the organization’s stack set reaches'
    : `${accountIds.length} ${accountIds.length === 1 ? 'account' : 'accounts'} (${accountIds.join(' ')})`;
}

const marks: Readonly<Record<StackPlan['action'], string>> = {
  create: pc.green('+ create '),
  update: pc.yellow('~ update '),
  recreate: pc.red('- recreate'),
  none: '',
};

function coloured(line: string): string {
  if (line.startsWith('+')) {
    return pc.green(line);
  }
  return line.startsWith('-') ? pc.red(line) : pc.yellow(line);
}
