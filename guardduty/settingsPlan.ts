import type { Cell } from '../organization/accounts';
import type { SettingChange } from './change';
import type { DesiredGuard } from './desired';
import type { ObservedRegion } from './observed';
import type { PlanNote } from './plansPlan';
import {
  type DesiredFilter,
  type DesiredList,
  type ListKind,
  type ObservedFilter,
  type ObservedList,
  type ObservedSettings,
  sameCriteria,
} from './settings';
import { withNotes } from './settingsNotes';

interface Comparison {
  readonly changes: SettingChange[];
  /** What is wanted where something stands that Garrison did not create: it is not touched. */
  readonly notes: PlanNote[];
}

/** What GuardDuty takes of each kind, an account and region. Source: GuardDuty's quotas. */
const mostLists: Readonly<Record<ListKind, number>> = { trusted: 1, threat: 6 };

/** Compares filters, lists and the publishing destination of one region, as far as they are configured. */
export function compareSettings(desired: DesiredGuard, seen: ObservedRegion, detectorId: string): Comparison {
  const { settings: wanted = {}, administratorId: accountId } = desired;
  const { region, settings } = seen;
  const result: Comparison = { changes: [], notes: [] };
  if (!settings) {
    return result;
  }
  const at = { accountId, region, detectorId };
  const here = <T extends { readonly regions?: readonly string[] }>(items: readonly T[] = []) =>
    items.filter(({ regions }) => regions?.includes(region) ?? true);
  if (wanted.filters) {
    compareFilters(here(wanted.filters), settings.filters ?? [], at, result);
  }
  for (const [kind, lists] of Object.entries(wanted.lists ?? {}) as [ListKind, readonly DesiredList[]][]) {
    compareLists(kind, here(lists), settings.lists?.[kind] ?? [], at, result);
  }
  if (wanted.destinations) {
    compareDestination(here(wanted.destinations).at(-1), settings, at, result);
  }
  return { changes: withNotes(result.changes, wanted, settings, at), notes: result.notes };
}

interface At extends Cell {
  readonly detectorId: string;
}

function foreign({ accountId, region }: At, plan: string): PlanNote {
  return { accountId, region, plan, code: 'guardduty.setting.foreign' };
}

function compareFilters(
  wanted: readonly DesiredFilter[],
  observed: readonly ObservedFilter[],
  at: At,
  { changes, notes }: Comparison,
): void {
  for (const { name, ours } of observed) {
    if (ours && !wanted.some((filter) => filter.name === name)) {
      changes.push({ kind: 'delete-filter', ...at, name });
    }
  }
  for (const { regions, ...filter } of wanted) {
    const found = observed.find(({ name }) => name === filter.name);
    if (found && sameFilter(filter, found)) {
      continue;
    }
    if (found && !found.ours) {
      notes.push(foreign(at, `filter ${filter.name}`));
    } else {
      changes.push({ kind: 'set-filter', ...at, filter, exists: found !== undefined });
    }
  }
}

function sameFilter(filter: DesiredFilter, found: ObservedFilter): boolean {
  return (
    filter.action === found.action &&
    (filter.description ?? '') === (found.description ?? '') &&
    (filter.rank === undefined || filter.rank === found.rank) &&
    sameCriteria(filter.criteria, found.criteria)
  );
}

function compareLists(
  kind: ListKind,
  wanted: readonly DesiredList[],
  observed: readonly ObservedList[],
  at: At,
  { changes, notes }: Comparison,
): void {
  const kept = observed.filter(({ name, format, ours }) => {
    const list = wanted.find((one) => one.name === name);
    // A list's format cannot be changed.
    return !ours || (list !== undefined && list.format === format);
  });
  const gone = observed.filter((list) => !kept.includes(list));
  changes.push(...gone.map(({ id, name }) => ({ kind: 'delete-list', ...at, list: kind, id, name }) as const));
  let room = mostLists[kind] - kept.length;
  for (const { regions, ...list } of wanted) {
    const found = kept.find(({ name }) => name === list.name);
    if (found && sameList(list, found)) {
      continue;
    }
    room -= found ? 0 : 1;
    if (found ? !found.ours : room < 0) {
      notes.push(foreign(at, `${kind} list ${list.name}`));
    } else {
      changes.push({ kind: 'set-list', ...at, list, ...(found ? { id: found.id } : {}) });
    }
  }
}

function sameList(list: DesiredList, { location, format, status = '' }: ObservedList): boolean {
  return list.location === location && list.format === format && /^(ACTIVE|ACTIVATING)$/.test(status);
}

function compareDestination(
  wanted: { readonly bucketArn: string; readonly kmsKeyArn: string } | undefined,
  { destination: found }: ObservedSettings,
  at: At,
  { changes, notes }: Comparison,
): void {
  if (!wanted) {
    if (found?.ours) {
      changes.push({ kind: 'delete-destination', ...at, id: found.id });
    }
    return;
  }
  const { bucketArn, kmsKeyArn } = wanted;
  if (found?.bucketArn === bucketArn && found.kmsKeyArn === kmsKeyArn) {
    // GuardDuty may not write there: no call of ours changes the policies of a bucket or a key.
    if (found.status === 'UNABLE_TO_PUBLISH_FIX_DESTINATION_PROPERTY') {
      notes.push({ ...foreign(at, `publishing destination ${bucketArn}`), code: 'guardduty.destination.refused' });
    }
    return;
  }
  if (found && !found.ours) {
    notes.push(foreign(at, `publishing destination ${found.bucketArn}`));
  } else {
    changes.push({ kind: 'set-destination', ...at, bucketArn, kmsKeyArn, ...(found ? { id: found.id } : {}) });
  }
}
