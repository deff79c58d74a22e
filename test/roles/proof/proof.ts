import type { RecordedDecision } from '../../../sandbox';
import { exceptionFor } from './exceptions';
import { rehearsalOf, type Stop, stopWithout } from './replay';
import type { Unit } from './units';

/** What became of the rehearsal without one action, or without a whole statement. */
export interface Proven extends Omit<Unit, 'action'> {
  /** Absent for a whole statement. */
  readonly action?: string;
  /** Where it stops; absent where it does not. */
  readonly stop?: Stop;
  /** Why it does not have to. */
  readonly exception?: string;
}

/** Takes every statement, and every action of each, away from what was decided in a rehearsal. */
export function prove(
  decisions: readonly RecordedDecision[],
  units: readonly Unit[],
): { readonly statements: Proven[]; readonly actions: Proven[] } {
  const rehearsal = rehearsalOf(decisions);
  const actions = units.map((unit) => ({
    ...unit,
    stop: stopWithout(rehearsal, unit, [unit.action]),
    exception: exceptionFor(unit)?.reason,
  }));
  const statements = [...statementsOf(units)].map(({ all, ...statement }) => ({
    ...statement,
    stop: stopWithout(rehearsal, statement, all),
  }));
  return { statements, actions };
}

/** The statements that the actions stand in. */
export function statementsOf(units: readonly Unit[]): (Omit<Unit, 'action'> & { readonly all: readonly string[] })[] {
  const found = new Map<string, Omit<Unit, 'action'> & { all: string[] }>();
  for (const { action, ...statement } of units) {
    const key = JSON.stringify(statement);
    const known = found.get(key) ?? { ...statement, all: [] };
    known.all.push(action);
    found.set(key, known);
  }
  return [...found.values()];
}
