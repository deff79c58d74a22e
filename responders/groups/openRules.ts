import { isWorld, prefixOf, type Range, rangeOf } from './addresses';

/** A rule of a security group that lets traffic in or out. */
export interface GroupRule {
  readonly id: string;
  /** As AWS gives it: a name, a number, or `-1` for all. */
  readonly protocol: string;
  readonly from?: number;
  readonly to?: number;
  readonly cidrIpv4?: string;
  readonly cidrIpv6?: string;
  readonly prefixListId?: string;
  /** A group as the source, with its account. */
  readonly groupId?: string;
  readonly groupOwner?: string;
  readonly description?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The entries of prefix lists, by their id. */
export type PrefixLists = Readonly<Record<string, readonly string[]>>;

interface Weighed {
  readonly rule: GroupRule;
  readonly ranges: readonly Range[];
}

/** Rules with smaller sources are looked at only if the larger ones are not enough. Prefix lengths. */
const thresholds = { 4: [8, 16, 24, 32], 6: [16, 32, 48, 64] } as const;

/** Addresses of the two families never add up: each is weighed by itself. */
interface Measure {
  readonly family: 4 | 6;
  readonly threshold: number;
}

/**
 * Rules that let everybody in on a port that is not allowed: by themselves, or several that together cover the world.
 * Of several the large ones are named first: a network of one's own beside them is none of their number. Pure.
 */
export function openRules(
  rules: readonly GroupRule[],
  prefixLists: PrefixLists,
  allowedPorts: readonly number[],
): GroupRule[] {
  const exposed: Weighed[] = rules
    .filter((rule) => !isAllowed(rule, allowedPorts))
    .map((rule) => ({ rule, ranges: rangesOf(rule, prefixLists) }));
  const open = new Set(exposed.filter(({ ranges }) => isWorld(ranges)).map(({ rule }) => rule));
  const together = exposed.filter(({ rule, ranges }) => !open.has(rule) && ranges.length > 0);
  for (const family of [4, 6] as const) {
    for (const threshold of thresholds[family]) {
      const left = together
        .filter(({ rule }) => !open.has(rule))
        .map(({ rule, ranges }) => ({ rule, ranges: ranges.filter((range) => range.family === family) }))
        .filter(({ ranges }) => ranges.length > 0);
      for (const rule of openTogether(left, allowedPorts, { family, threshold })) {
        open.add(rule);
      }
    }
  }
  return rules.filter((rule) => open.has(rule));
}

/** Rules that share a port and cover the world with each other: those of them whose source is large enough. */
function openTogether(
  rules: readonly Weighed[],
  allowedPorts: readonly number[],
  { family, threshold }: Measure,
): GroupRule[] {
  const isOpen = (some: readonly Weighed[]) =>
    some.length > 1 &&
    isWorld(
      some.flatMap(({ ranges }) => ranges),
      [family],
    );
  if (!isOpen(rules)) {
    return [];
  }
  const large = rules.filter(({ ranges }) => prefixOf(ranges, family) <= threshold);
  const found = new Set<GroupRule>();
  for (const { protocol, port } of placesOf(rules, allowedPorts)) {
    const here = rules.filter(({ rule }) => covers(rule, protocol, port));
    if (isOpen(here)) {
      for (const { rule } of large.filter((each) => here.includes(each))) {
        found.add(rule);
      }
    }
  }
  return [...found];
}

/** One port of each run of ports that the same rules cover, protocol by protocol. */
function placesOf(
  rules: readonly Weighed[],
  allowedPorts: readonly number[],
): { readonly protocol: string; readonly port: number }[] {
  const protocols = [...new Set(rules.map(({ rule }) => protocolOf(rule)))];
  return protocols.flatMap((protocol) => {
    if (!hasPorts(protocol)) {
      return [{ protocol, port: -1 }];
    }
    const edges = rules
      .filter(({ rule }) => [protocol, '-1'].includes(protocolOf(rule)))
      .flatMap(({ rule }) => [portsOf(rule)[0], portsOf(rule)[1] + 1]);
    const around = allowedPorts.flatMap((port) => [port, port + 1]);
    const ports = [...new Set([0, ...edges, ...around])].filter((port) => port >= 0 && port <= 65_535);
    return ports.filter((port) => !allowedPorts.includes(port)).map((port) => ({ protocol, port }));
  });
}

function covers(rule: GroupRule, protocol: string, port: number): boolean {
  const own = protocolOf(rule);
  if (own === '-1') {
    return true;
  }
  const [first, last] = portsOf(rule);
  return own === protocol && (!hasPorts(own) || (first <= port && port <= last));
}

/** Every port of the rule is an allowed one. */
function isAllowed(rule: GroupRule, allowedPorts: readonly number[]): boolean {
  const [first, last] = portsOf(rule);
  return (
    hasPorts(protocolOf(rule)) &&
    new Set(allowedPorts.filter((port) => first <= port && port <= last)).size === last - first + 1
  );
}

/** Names of AWS's numbers. Source: EC2 API reference, IpPermission. */
const names: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6', all: '-1' };

function protocolOf({ protocol }: GroupRule): string {
  const lower = protocol.toLowerCase();
  return names[lower] ?? lower;
}

function hasPorts(protocol: string): boolean {
  return protocol === 'tcp' || protocol === 'udp';
}

function portsOf({ from, to }: GroupRule): readonly [number, number] {
  return from === undefined || from < 0 ? [0, 65_535] : [from, to ?? from];
}

/** Where a rule lets traffic in from; another group is no network. */
function rangesOf(rule: GroupRule, prefixLists: PrefixLists): Range[] {
  const listed = rule.prefixListId === undefined ? [] : (prefixLists[rule.prefixListId] ?? []);
  return [rule.cidrIpv4, rule.cidrIpv6, ...listed]
    .map((cidr) => (cidr === undefined ? undefined : rangeOf(cidr)))
    .filter((range): range is Range => range !== undefined);
}
