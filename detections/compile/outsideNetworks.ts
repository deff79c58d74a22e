import { CompileError } from '../errors';
import { complement, type Network, networkText, parseNetwork } from '../networks';
import type { PatternList } from './patternDraft';

const widthOf = { 4: 32, 6: 128 } as const;

/**
 * What EventBridge is told of an address outside of networks: it has no "outside of" (and no `anything-but` of a
 * `cidr`), so the blocks that remain are listed. It also compares addresses digit by digit whatever their family:
 * `2000::/3` holds 40.1.1.1. Blocks of the one family therefore leave out the shadows that the other family's allowed
 * networks cast, and what lies in a shadow is told by its text.
 *
 * @throws CompileError where the texts of the two families cannot be told apart
 */
export function outsideList(networks: readonly string[]): PatternList {
  const parsed = networks.map(parseNetwork);
  const allowed = { 4: ofFamily(parsed, 4), 6: ofFamily(parsed, 6) };
  if (allowed[6].length === 0) {
    return [...complement(allowed[4], 4).map(entry), { wildcard: '*:*' }];
  }
  const shadows = { 4: allowed[6].map(shadowOn4), 6: allowed[4].map(shadowOn6) };
  return [
    ...complement([...allowed[4], ...shadows[4]], 4).map(entry),
    ...complement([...allowed[6], ...shadows[6]], 6).map(entry),
    ...shadows[4].map((shadow) => remainder(shadow, allowed[4])),
    ...[...new Set(allowed[4].map((network) => textsLike(network, allowed[6])))].map((wildcard) => ({ wildcard })),
  ];
}

function ofFamily(networks: readonly Network[], family: 4 | 6): Network[] {
  return networks.filter((network) => network.family === family);
}

function entry(block: Network): unknown {
  const text = networkText(block);
  return text.includes('/') ? { cidr: text } : text;
}

function shadowOn4({ bits, base }: Network): Network {
  return { family: 4, bits: Math.min(bits, widthOf[4]), base: base >> BigInt(widthOf[6] - widthOf[4]) };
}

function shadowOn6({ bits, base }: Network): Network {
  return { family: 6, bits, base: base << BigInt(widthOf[6] - widthOf[4]) };
}

/** The IPv4 address in a shadow, by its text: given as it is, EventBridge would take it for the digits again. */
function remainder(shadow: Network, allowed: readonly Network[]): unknown {
  const overlaps = allowed.some((network) => overlap(network, shadow));
  if (shadow.bits < widthOf[4] || overlaps) {
    throw notTold(networkText(shadow));
  }
  return { 'equals-ignore-case': networkText(shadow) };
}

function overlap(one: Network, other: Network): boolean {
  const bits = BigInt(widthOf[one.family] - Math.min(one.bits, other.bits));
  return one.base >> bits === other.base >> bits;
}

/**
 * A form of text that every IPv6 address in the shadow of an IPv4 network has, and no allowed IPv6 address: by the
 * first group of its digits, which begins with other digits than those of all allowed networks.
 */
function textsLike({ bits, base }: Network, allowed: readonly Network[]): string {
  const known = base
    .toString(16)
    .padStart(8, '0')
    .slice(0, Math.min(4, Math.floor(bits / 4)));
  const digits = known.replace(/^0+/, '');
  const form = bits >= 16 ? `${digits}:*` : `${digits}*:*`;
  const isTaken = allowed.some((network) => {
    const group = (network.base >> 112n).toString(16);
    return network.bits < 16 || (bits >= 16 ? group === digits : group.startsWith(digits));
  });
  if (digits === '' || isTaken) {
    throw notTold(networkText({ family: 4, bits, base }));
  }
  return form;
}

function notTold(network: string): CompileError {
  return new CompileError(
    'eventbridge',
    `${network} and an IPv6 network begin with the same digits, and EventBridge's cidr does not keep IPv4 and IPv6 addresses apart`,
    'The nearest form leaves out the IPv4 networks alone, so that every IPv6 address counts as outside: `--nearest <id>`, or `nearest: [<id>]` in garrison.yaml. Elasticsearch, `hunt` and the log-file route take any network.',
  );
}
