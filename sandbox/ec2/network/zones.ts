/** An availability zone: the account's name for it and the id that is the same for all. */
export interface Zone {
  readonly name: string;
  readonly id: string;
}

/** Letters of the zones that a new account sees, where they are not `a`, `b`, `c`. */
const letters: Readonly<Record<string, string>> = {
  'us-east-1': 'abcdef',
  'us-west-1': 'ab',
  'us-west-2': 'abcd',
  'ap-northeast-1': 'acd',
  'ap-northeast-2': 'abcd',
  'ca-central-1': 'abd',
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
  return [...(letters[region] ?? 'abc')].map((letter, index) => ({
    name: `${region}${letter}`,
    id: `${shortName(region)}-az${index + 1}`,
  }));
}
