/** An availability zone: the account's name for it and the id that is the same for all. */
export interface Zone {
  readonly name: string;
  readonly id: string;
}

/**
 * Letters of the zones that a new account sees, each with its number in the zone's id, where they are not `a1b2c3`.
 * AWS shuffles the older regions for every account; these are what many have.
 */
const letters: Readonly<Record<string, string>> = {
  'us-east-1': 'a6b1c2d4e3f5',
  'us-west-1': 'a3b1',
  'us-west-2': 'a2b1c3d4',
  'ap-northeast-1': 'a4c1d2',
  'ap-northeast-2': 'a1b2c3d4',
  'ap-south-1': 'a1b3c2',
  'ap-southeast-2': 'a1b3c2',
  'ca-central-1': 'a1b2d4',
  'eu-west-1': 'a3b1c2',
  'eu-west-2': 'a2b3c1',
  'cn-north-1': 'a1b2',
};

const directions: Readonly<Record<string, string>> = {
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  central: 'c',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

/** `us-east-1` → `use1`, as zone ids begin. */
function shortName(region: string): string {
  const parts = region.split('-');
  const number = parts.pop() ?? '';
  const direction = parts.pop() ?? '';
  return `${parts.join('').replace('gov', 'g')}${directions[direction] ?? direction}${number}`;
}

/** The zones of a region, in the order of their names. */
export function zonesOf(region: string): Zone[] {
  const pairs = (letters[region] ?? 'a1b2c3').match(/../g) ?? [];
  return pairs.map(([letter, number]) => ({ name: `${region}${letter}`, id: `${shortName(region)}-az${number}` }));
}
