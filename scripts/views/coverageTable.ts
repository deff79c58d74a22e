import pc from 'picocolors';
import type { RouteInForce } from '../../guardduty';

/** One cell as the coverage views need it. */
export interface CoverageCell {
  readonly accountId: string;
  readonly region: string;
  readonly state: 'guarded' | 'not-guarded' | 'unknown' | 'out-of-reach';
  /** Why not, in a sentence; absent when guarded. */
  readonly reason?: string;
  readonly remedy?: string;
  /** How the account is or becomes a member there. */
  readonly route?: RouteInForce;
}

/** What the table is made of. */
export interface CoverageView {
  readonly cells: readonly CoverageCell[];
  readonly accountNames: ReadonlyMap<string, string>;
}

const marks: Readonly<Record<CoverageCell['state'], string>> = {
  guarded: pc.green('●'),
  'not-guarded': pc.red('○'),
  unknown: pc.yellow('?'),
  'out-of-reach': pc.dim('·'),
};

// More rows than this say less than a list of those that are not guarded.
const mostRows = 60;

/** The coverage as a table of accounts × regions, and below it every reason why a cell is not guarded, once. */
export function coverageTable(view: CoverageView): string {
  const regions = [...new Set(view.cells.map((cell) => cell.region))].sort();
  const byAccount = groupBy(view.cells, (cell) => cell.accountId);
  const full = byAccount.size <= mostRows;
  const shown = [...byAccount]
    .filter(([, cells]) => full || cells.some((cell) => cell.state !== 'guarded'))
    .slice(0, mostRows);
  const width = Math.max(...shown.map(([id]) => accountTitle(id, view).length), 'account'.length);
  return [
    ...regionHeader(regions, width),
    ...shown.map(([id, cells]) => accountRow(accountTitle(id, view).padEnd(width), cells, regions)),
    ...(full ? [] : [pc.dim(`${byAccount.size - shown.length} more accounts are not shown`)]),
    '',
    ...legend(view.cells),
    ...reasons(view),
  ].join('\n');
}

/** `guarded 204 of 204 cells`, with what is left out. */
export function coverageSummary(cells: readonly CoverageCell[]): string {
  const count = (state: CoverageCell['state']) => cells.filter((cell) => cell.state === state).length;
  const reachable = cells.length - count('out-of-reach');
  const left = [
    count('not-guarded') ? `${count('not-guarded')} not guarded` : '',
    count('unknown') ? `${count('unknown')} could not be read` : '',
    count('out-of-reach') ? `${count('out-of-reach')} out of reach` : '',
  ].filter(Boolean);
  return `${count('guarded')} of ${reachable} cells guarded${left.length ? `; ${left.join(', ')}` : ''}`;
}

const routeWords: Readonly<Record<RouteInForce, string>> = {
  organization: 'through the organization',
  policy: 'through the organization, held by policy',
  invitation: 'by invitation',
};

/** `187 cells through the organization, 17 by invitation`: how the guarded members joined; empty without any. */
export function routeSummary(cells: readonly CoverageCell[]): string {
  const guarded = cells.filter(({ state }) => state === 'guarded');
  const counts = (Object.keys(routeWords) as RouteInForce[])
    .map((route) => ({ route, count: guarded.filter((cell) => cell.route === route).length }))
    .filter(({ count }) => count > 0);
  return counts
    .map(({ route, count }, index) => `${count}${index === 0 ? ' cells' : ''} ${routeWords[route]}`)
    .join(', ');
}

function accountTitle(id: string, view: CoverageView): string {
  const name = view.accountNames.get(id);
  return name ? `${id}  ${name}` : id;
}

/** Region names written downwards would take too many lines: a row a region's group, columns by number. */
function regionHeader(regions: readonly string[], width: number): string[] {
  const groups = groupBy(regions, (region) => region.split('-')[0] as string);
  const titles = [...groups].map(([group, members]) => group.padEnd(members.length * 2));
  return [pc.dim(`${'account'.padEnd(width)}  ${titles.join(' ')}`)];
}

function accountRow(title: string, cells: readonly CoverageCell[], regions: readonly string[]): string {
  const byRegion = new Map(cells.map((cell) => [cell.region, cell]));
  const groups = groupBy(regions, (region) => region.split('-')[0] as string);
  const columns = [...groups.values()].map((members) =>
    members.map((region) => marks[byRegion.get(region)?.state ?? 'out-of-reach']).join(' '),
  );
  const guarded = cells.filter((cell) => cell.state === 'guarded').length;
  return `${title}  ${columns.join('  ')}  ${String(guarded).padStart(3)}/${regions.length}`;
}

function legend(cells: readonly CoverageCell[]): string[] {
  const used = new Set(cells.map((cell) => cell.state));
  const texts: Readonly<Record<CoverageCell['state'], string>> = {
    guarded: 'guarded',
    'not-guarded': 'not guarded',
    unknown: 'could not be read',
    'out-of-reach': 'out of reach',
  };
  const entries = Object.entries(marks).filter(([state]) => used.has(state as CoverageCell['state']));
  return [entries.map(([state, mark]) => `${mark} ${texts[state as CoverageCell['state']]}`).join('   ')];
}

function reasons(view: CoverageView): string[] {
  const open = view.cells.filter((cell) => cell.state !== 'guarded');
  const byReason = groupBy(open, (cell) => `${cell.reason ?? ''}\n${cell.remedy ?? ''}`);
  return [...byReason].flatMap(([text, cells]) => {
    const [reason, remedy] = text.split('\n');
    return [
      `${marks[cells[0]?.state ?? 'unknown']} ${places(cells)}: ${reason}`,
      ...(remedy ? [`  ${pc.dim('→')} ${remedy}`] : []),
    ];
  });
}

/** `100000000029 in 17 regions`, or the cells themselves when they are few. */
function places(cells: readonly CoverageCell[]): string {
  const byAccount = groupBy(cells, (cell) => cell.accountId);
  const texts = [...byAccount].map(([id, own]) =>
    own.length <= 3 ? `${id} ${own.map((cell) => cell.region).join(', ')}` : `${id} in ${own.length} regions`,
  );
  return texts.length <= 4
    ? texts.join('; ')
    : `${texts.slice(0, 3).join('; ')}; and ${texts.length - 3} more accounts`;
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) {
      group.push(item);
    } else {
      groups.set(key(item), [item]);
    }
  }
  return groups;
}
