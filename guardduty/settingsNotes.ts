import type { Cell } from '../organization/accounts';
import type { SettingChange } from './change';
import type { DesiredSettings, ListKind, ObservedFilter, ObservedList, ObservedSettings } from './settings';
import { type IndexedKind, outlineOf, ownIds } from './settingsIndex';

interface At extends Cell {
  readonly detectorId: string;
}

/**
 * The changes of a region, and what makes the carrier of the index follow them. It forgets before settings come or go, so
 * that a run that is killed between leaves nothing behind that the next one would not look for.
 */
export function withNotes(
  changes: readonly SettingChange[],
  wanted: DesiredSettings,
  observed: ObservedSettings,
  at: At,
): SettingChange[] {
  const { primary, carriers, indexed } = outlineOf(wanted, at.region);
  const found = primary === undefined ? [] : observedOf(observed, primary);
  const name = carriers.find((each) => found.find((one) => one.name === each)?.ours ?? true);
  if (primary === undefined || name === undefined) {
    return [...changes];
  }
  const carrier = found.find((one) => one.name === name);
  const staysAsItIs = carrier && !changes.some((change) => change.kind === 'delete-list' && change.name === name);
  const isMoving = changes.some((change) => movesIds(change, indexed));
  const isNoted = indexed.every((kind) => carrier?.index?.[kind]?.join() === ownIds(observed, kind).join());
  if (staysAsItIs && isNoted && !isMoving) {
    return [...changes];
  }
  const note = { kind: 'note-settings', ...at, carrier: { kind: primary, name }, indexed } as const;
  const knows = staysAsItIs && Object.keys(carrier.index ?? {}).length > 0;
  return [...(knows && isMoving ? [{ ...note, forget: true }] : []), ...changes, note];
}

function observedOf({ filters, lists }: ObservedSettings, kind: 'filter' | ListKind) {
  const found: readonly (ObservedFilter | ObservedList)[] = (kind === 'filter' ? filters : lists?.[kind]) ?? [];
  return found;
}

/** Whether a change makes or deletes something whose id the carrier keeps. */
function movesIds(change: SettingChange, indexed: readonly IndexedKind[]): boolean {
  switch (change.kind) {
    case 'set-list':
      return change.id === undefined && indexed.includes(change.list.kind);
    case 'delete-list':
      return indexed.includes(change.list);
    case 'set-destination':
      return change.id === undefined;
    case 'delete-destination':
      return true;
    default:
      return false;
  }
}
