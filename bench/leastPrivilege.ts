// What becomes of a whole life without each statement of a role's policy, or each action: real rehearsals, one for each.
// npx tsx bench/leastPrivilege.ts [--actions] [--role NAME] [--only TEXT] [--part 1/2]
import { parseArgs } from 'node:util';
import { refusalMessage } from '../sandbox/core/authorization';
import type { Withheld } from '../sandbox/core/withheld';
import { exceptionFor } from '../test/roles/proof/exceptions';
import { statementsOf } from '../test/roles/proof/proof';
import { type Rehearsed, rehearse, startRehearsal } from '../test/roles/proof/rehearse';
import { accountOf, type Unit } from '../test/roles/proof/units';

const { values: options } = parseArgs({
  options: {
    actions: { type: 'boolean', default: false },
    role: { type: 'string' },
    only: { type: 'string' },
    part: { type: 'string', default: '1/1' },
  },
});

/** What is taken away, from a role in one kind of account. */
type Taken = Omit<Unit, 'action'> & { readonly action?: string; readonly all: readonly string[] };

function takenFrom(units: readonly Unit[]): Taken[] {
  const all: Taken[] = options.actions
    ? units.map((unit) => ({ ...unit, all: [unit.action] }))
    : statementsOf(units).map((statement) => statement);
  const wanted = all.filter(
    ({ role, sid, action = '' }) =>
      role.includes(options.role ?? '') && `${sid} ${action}`.includes(options.only ?? ''),
  );
  const [part = 1, parts = 1] = options.part.split('/').map(Number);
  return wanted.filter((_, index) => index % parts === part - 1);
}

/** IAM's first refusal of what was taken away. */
function refusalIn({ decisions }: Rehearsed, { role, account, all }: Taken): string | undefined {
  const found = decisions.find(
    ({ caller, question, decision }) =>
      decision.effect !== 'Allowed' &&
      caller.roleArn?.endsWith(`/${role}`) &&
      accountOf(role, caller.accountId) === account &&
      all.includes(question.action),
  );
  return found && refusalMessage(found.caller, { ...found.question, decision: found.decision });
}

/** Whether somebody who reads what a step says learns which action is missing. */
function isNamedIn(output: string, { all }: Taken): boolean {
  return all.some((action) => output.includes(`to perform: ${action} `));
}

/** How the rehearsal ended: `stopped` and said why, `stopped` without the reason, went on in spite of a refusal, or noticed nothing. */
function verdict(rehearsed: Rehearsed, taken: Taken, refusal: string | undefined): string {
  const { failed } = rehearsed;
  if (failed) {
    return isNamedIn(failed.output, taken) ? 'stopped' : 'stopped, unnamed';
  }
  return refusal ? 'refused, went on' : 'not missed';
}

async function main(): Promise<void> {
  const organization = await startRehearsal();
  const { sandbox } = organization;
  const whole = await rehearse(organization);
  if (whole.failed) {
    throw new Error(`The rehearsal fails by itself at ${whole.failed.step}: ${whole.failed.output}`);
  }
  const counts: Record<string, number> = {};
  for (const taken of takenFrom(whole.units)) {
    const { role, account, sid, action } = taken;
    const excepted = action !== undefined && exceptionFor({ role, sid, action }) !== undefined;
    await sandbox.reset();
    const withheld: Withheld = { role, sid, ...(action && { action }), ...accountsOf(taken, organization.accountIds) };
    const rehearsed = await rehearse(organization, withheld, (output) => isNamedIn(output, taken));
    const refusal = refusalIn(rehearsed, taken);
    const ended = excepted ? 'exception' : verdict(rehearsed, taken, refusal);
    counts[ended] = (counts[ended] ?? 0) + 1;
    const where = rehearsed.failed?.step ?? '';
    console.log([role, account, sid, action ?? '', ended, where, refusal ?? ''].join(' | '));
    if (ended === 'stopped, unnamed') {
      console.log(`    ${rehearsed.failed?.output.trim().split('\n').at(-1)?.slice(0, 300)}`);
    }
  }
  console.table(counts);
  await sandbox.close();
}

function accountsOf({ role, account }: Taken, accountIds: readonly string[]): Pick<Withheld, 'accounts'> {
  return account === 'any' ? {} : { accounts: accountIds.filter((id) => accountOf(role, id) === account) };
}

void main();
