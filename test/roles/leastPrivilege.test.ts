import { readFileSync } from 'node:fs';
import { exceptions } from './proof/exceptions';
import { type Proven, prove } from './proof/proof';
import { type Rehearsed, rehearse, startRehearsal } from './proof/rehearse';

let rehearsed: Rehearsed;
let proven: ReturnType<typeof prove>;

// One rehearsal of a whole life for all tests; `bench/leastPrivilege.ts` runs one for each statement.
beforeAll(async () => {
  const organization = await startRehearsal();
  try {
    rehearsed = await rehearse(organization);
  } finally {
    await organization.sandbox.close();
  }
  proven = prove(rehearsed.decisions, rehearsed.units);
}, 180_000);

const named = ({ role, account, sid, action }: Proven) => [role, account, sid, action].filter(Boolean).join(' ');

test('a whole life passes with what the policies allow: nothing is missing', () => {
  expect(rehearsed.failed).toBeUndefined();
});

test('without any statement it stops, and IAM names the role and the action', () => {
  expect(proven.statements.filter(({ stop }) => stop === undefined).map(named)).toEqual([]);
  for (const { stop, role } of proven.statements) {
    expect(stop?.message).toMatch(new RegExp(`assumed-role/${role}/\\S+ is not authorized to perform: \\w+:\\w+`));
  }
});

test('without any action it stops, but for the exceptions, which are written down with their reasons', () => {
  const idle = proven.actions.filter(({ stop }) => stop === undefined);
  expect(idle.filter(({ exception }) => exception === undefined).map(named)).toEqual([]);
  const needless = proven.actions.filter(({ stop, exception }) => stop !== undefined && exception !== undefined);
  expect(needless.map(named)).toEqual([]);
  for (const { stop, action } of proven.actions) {
    expect(stop?.message ?? `to perform: ${action}`).toContain(`to perform: ${action}`);
  }
});

test('docs/roles.md tells the counts', () => {
  const [statements, actions] = [proven.statements.length, proven.actions.length];
  const excepted = proven.actions.filter(({ exception }) => exception !== undefined).length;
  const text = readFileSync('docs/roles.md', 'utf8');
  const told = /(\d+) statements with (\d+) actions[\s\S]*?(\d+) actions are proven, (\d+) are excepted/.exec(text);
  expect(told?.slice(1).map(Number)).toEqual([statements, actions, actions - excepted, excepted]);
  expect(exceptions.filter(({ reason }) => !text.includes(reason))).toEqual([]);
});
