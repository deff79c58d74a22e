/** A cell and why something is done there. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
  readonly reason?: string;
}

const perLine = 8;

/**
 * Accounts and regions for a person: accounts with the same regions and the same reason stand together, so that
 * thousands of cells are a few lines and none is left out.
 */
export function placeLines(places: readonly Place[]): string[] {
  const groups = new Map<string, { regions: readonly string[]; reason?: string; accountIds: string[] }>();
  for (const [accountId, own] of byAccount(places)) {
    const regions = own.map(({ region }) => region).sort();
    const reason = own[0]?.reason;
    const key = JSON.stringify([regions, reason]);
    const group = groups.get(key) ?? { regions, reason, accountIds: [] };
    group.accountIds.push(accountId);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap(groupLines);
}

function byAccount(places: readonly Place[]): Map<string, Place[]> {
  const accounts = new Map<string, Place[]>();
  for (const place of places) {
    const own = accounts.get(place.accountId);
    own ? own.push(place) : accounts.set(place.accountId, [place]);
  }
  return accounts;
}

function groupLines(group: { regions: readonly string[]; reason?: string; accountIds: readonly string[] }): string[] {
  const { regions, accountIds } = group;
  const reason = group.reason ? `  (${group.reason})` : '';
  if (accountIds.length === 1) {
    return [`    ${accountIds[0]}  ${regions.join(' ')}${reason}`];
  }
  const where = regions.length > 3 ? `${regions.length} regions: ${regions.join(' ')}` : regions.join(' ');
  const rows = Array.from({ length: Math.ceil(accountIds.length / perLine) }, (_, row) =>
    accountIds.slice(row * perLine, (row + 1) * perLine).join(' '),
  );
  return [`    ${accountIds.length} accounts in ${where}${reason}`, ...rows.map((row) => `        ${row}`)];
}
