import fc from 'fast-check';
import { isWorld, rangeOf } from '../../responders/groups/addresses';
import { type GroupRule, openRules, type PrefixLists } from '../../responders/groups/openRules';

const allowed = [80, 443, 8080, 8081];

/** Networks in blocks of /8 (IPv4) and /8 of 2000::/3 (IPv6), so that a second, simpler count can check the first. */
const wide4 = fc
  .record({ length: fc.integer({ min: 0, max: 8 }), first: fc.integer({ min: 0, max: 255 }) })
  .map(({ length, first }) => `${first - (first % 2 ** (8 - length))}.0.0.0/${length}`);
const narrow4 = fc
  .record({ length: fc.integer({ min: 16, max: 32 }), first: fc.integer({ min: 1, max: 223 }) })
  .map(({ length, first }) => `${first}.7.0.0/${length}`);
const wide6 = fc
  .record({ length: fc.integer({ min: 0, max: 8 }), first: fc.integer({ min: 0, max: 255 }) })
  .map(({ length, first }) => {
    const start = first - (first % 2 ** (8 - length));
    return `${(start * 256).toString(16)}::/${length}`;
  });
const narrow6 = fc.integer({ min: 32, max: 128 }).map((length) => `2001:db8::/${length}`);

const ports = fc.oneof(
  fc.constantFrom([80, 80], [443, 443], [8080, 8081], [80, 443], [22, 22], [0, 65_535], [3_389, 3_389]),
  fc
    .tuple(fc.integer({ min: 0, max: 65_535 }), fc.integer({ min: 0, max: 65_535 }))
    .map(([one, other]) => [one, other].sort((a, b) => a - b)),
);
const service = fc.oneof(
  fc.record({ protocol: fc.constantFrom('tcp', 'udp', '6', '17'), ports }),
  fc.record({ protocol: fc.constantFrom('-1', 'icmp', '50', 'icmpv6'), ports: fc.constant([-1, -1]) }),
);
const source = fc.oneof(
  { weight: 4, arbitrary: wide4.map((cidrIpv4) => ({ cidrIpv4 })) },
  { weight: 3, arbitrary: narrow4.map((cidrIpv4) => ({ cidrIpv4 })) },
  { weight: 3, arbitrary: wide6.map((cidrIpv6) => ({ cidrIpv6 })) },
  { weight: 2, arbitrary: narrow6.map((cidrIpv6) => ({ cidrIpv6 })) },
  { weight: 2, arbitrary: fc.constantFrom('pl-1', 'pl-2', 'pl-3').map((prefixListId) => ({ prefixListId })) },
  { weight: 1, arbitrary: fc.constant({ groupId: 'sg-1' }) },
);
const rules = fc.array(fc.record({ service, source }), { maxLength: 12 }).map((list) =>
  list.map(
    (
      {
        service: {
          protocol,
          ports: [from, to],
        },
        source: own,
      },
      index,
    ): GroupRule => ({
      id: `sgr-${index}`,
      protocol,
      from,
      to,
      tags: {},
      ...own,
    }),
  ),
);
const lists = fc.record({
  'pl-1': fc.array(fc.oneof(wide4, wide6), { maxLength: 5 }),
  'pl-2': fc.array(fc.oneof(narrow4, narrow6), { maxLength: 5 }),
  'pl-3': fc.constantFrom([], ['0.0.0.0/0'], ['0.0.0.0/1', '128.0.0.0/1'], ['2000::/3']),
});

function sourcesOf(rule: GroupRule, prefixLists: PrefixLists): string[] {
  const listed = prefixLists[rule.prefixListId ?? ''] ?? [];
  return [rule.cidrIpv4, rule.cidrIpv6, ...listed].filter((cidr): cidr is string => cidr !== undefined);
}

/** Blocks that no packet of the internet comes from: 0/8, 10/8, 127/8, 224/3. */
const dark = new Set([0, 10, 127, ...Array.from({ length: 32 }, (_, index) => 224 + index)]);

/** How many blocks of /8 a set of networks covers wholly. */
function blocks(cidrs: readonly string[], family: 4 | 6): Set<number> {
  const covered = new Set<number>();
  for (const cidr of cidrs.filter((each) => each.includes(':') === (family === 6))) {
    const [address = '', length] = cidr.split('/');
    const first =
      family === 4
        ? Number(address.split('.')[0])
        : Math.floor(Number.parseInt(address.split(':')[0] || '0', 16) / 256);
    for (let block = first; Number(length) <= 8 && block < first + 2 ** (8 - Number(length)); block += 1) {
      covered.add(block);
    }
  }
  return covered;
}

function isOpen(cidrs: readonly string[]): boolean {
  const four = blocks(cidrs, 4);
  const six = [...blocks(cidrs, 6)];
  const light = [...four].filter((block) => !dark.has(block)).length;
  const unicast = six.filter((block) => block >= 0x20 && block < 0x40).length;
  // 100.64/10, 169.254/16, 172.16/12 and 192.168/16 make less than one block: too little to matter here.
  return four.size >= 128 || light >= (256 - dark.size + 1) / 2 || six.length >= 128 || unicast >= 16;
}

function admits(rule: GroupRule, protocol: string, port: number): boolean {
  const own = { '6': 'tcp', '17': 'udp' }[rule.protocol] ?? rule.protocol;
  if (own === '-1') {
    return true;
  }
  return own === protocol && (!['tcp', 'udp'].includes(own) || ((rule.from ?? 0) <= port && port <= (rule.to ?? 0)));
}

const interesting = [0, 1, 21, 22, 23, 79, 81, 442, 444, 3_388, 3_389, 8_079, 8_082, 65_535];

test('after the rules are revoked nothing is open to the world on a port that is not allowed', () => {
  fc.assert(
    fc.property(rules, lists, (group, prefixLists) => {
      const open = new Set(openRules(group, prefixLists, allowed));
      const left = group.filter((rule) => !open.has(rule));
      const edges = group.flatMap(({ from = 0, to = 0 }) => [from - 1, from, to, to + 1]);
      const tried = [...interesting, ...edges].filter((port) => port >= 0 && port <= 65_535 && !allowed.includes(port));
      for (const protocol of ['tcp', 'udp', 'icmp', 'icmpv6', '50']) {
        for (const port of tried) {
          const cidrs = left
            .filter((rule) => admits(rule, protocol, port))
            .flatMap((rule) => sourcesOf(rule, prefixLists));
          if (isOpen(cidrs)) {
            throw new Error(`${protocol} ${port} is still open to ${cidrs.join(' ')}`);
          }
        }
      }
    }),
    { numRuns: 600 },
  );
});

test('every other rule is untouched: allowed ports, groups, and networks of one’s own', () => {
  fc.assert(
    fc.property(rules, lists, (group, prefixLists) => {
      for (const rule of openRules(group, prefixLists, allowed)) {
        const onlyAllowed =
          ['tcp', 'udp', '6', '17'].includes(rule.protocol) &&
          [
            [80, 80],
            [443, 443],
            [8_080, 8_081],
          ].some(([from, to]) => rule.from === from && rule.to === to);
        const sources = sourcesOf(rule, prefixLists);
        expect(onlyAllowed).toBe(false);
        expect(sources.some((cidr) => Number(cidr.split('/')[1]) <= 8)).toBe(true);
      }
    }),
    { numRuns: 600 },
  );
});

const rule = (id: string, more: Partial<GroupRule>): GroupRule => ({
  id,
  protocol: 'tcp',
  from: 22,
  to: 22,
  tags: {},
  ...more,
});
const found = (group: readonly GroupRule[], prefixLists: PrefixLists = {}) =>
  openRules(group, prefixLists, [443]).map(({ id }) => id);

test.each([
  ['the world', [rule('a', { cidrIpv4: '0.0.0.0/0' })], ['a']],
  ['the world over IPv6', [rule('a', { cidrIpv6: '::/0' })], ['a']],
  ['all of the internet over IPv6', [rule('a', { cidrIpv6: '2000::/3' })], ['a']],
  [
    'halves, beside an office',
    [
      rule('a', { cidrIpv4: '0.0.0.0/1' }),
      rule('b', { cidrIpv4: '128.0.0.0/1' }),
      rule('c', { cidrIpv4: '198.51.100.0/24' }),
    ],
    ['a', 'b'],
  ],
  [
    'quarters, which are harmless alone',
    [
      rule('a', { cidrIpv4: '64.0.0.0/2' }),
      rule('b', { cidrIpv4: '128.0.0.0/2' }),
      rule('c', { cidrIpv4: '192.0.0.0/2' }),
    ],
    ['a', 'b', 'c'],
  ],
  ['one quarter', [rule('a', { cidrIpv4: '64.0.0.0/2' })], []],
  [
    'quarters on different ports',
    [rule('a', { cidrIpv4: '0.0.0.0/2' }), rule('b', { cidrIpv4: '64.0.0.0/2', from: 23, to: 23 })],
    [],
  ],
  ['all protocols', [rule('a', { protocol: '-1', from: -1, to: -1, cidrIpv4: '0.0.0.0/0' })], ['a']],
  ['a range that begins at an allowed port', [rule('a', { from: 443, to: 444, cidrIpv4: '0.0.0.0/0' })], ['a']],
  ['an allowed port', [rule('a', { from: 443, to: 443, cidrIpv4: '0.0.0.0/0' })], []],
  ['a private network', [rule('a', { protocol: '-1', cidrIpv4: '10.0.0.0/8' })], []],
] as const)('%s', (_, group, ids) => {
  expect(found(group)).toEqual(ids);
});

test('the families never add up: halves of IPv6 are revoked together, a network of IPv4 beside them is left', () => {
  const own = rule('own', { protocol: '-1', cidrIpv4: '1.7.0.0/16' });
  const halves = [
    rule('one', { protocol: '-1', cidrIpv6: '4000::/2' }),
    rule('other', { protocol: '-1', cidrIpv6: '8000::/2' }),
  ];
  expect(openRules([...halves, own], {}, []).map(({ id }) => id)).toEqual(['one', 'other']);
});

test('a prefix list that contains the world is the world', () => {
  const group = [
    rule('a', { prefixListId: 'pl-1' }),
    rule('b', { prefixListId: 'pl-2' }),
    rule('c', { prefixListId: 'pl-3' }),
  ];
  const prefixLists = { 'pl-1': ['10.0.0.0/8', '0.0.0.0/1', '128.0.0.0/1'], 'pl-2': ['192.0.2.0/24'] };
  expect(found(group, prefixLists)).toEqual(['a']);
});

test('addresses are read as AWS writes them, and nothing else is', () => {
  expect(rangeOf('198.51.100.7/24')).toEqual(rangeOf('198.51.100.0/24'));
  expect(rangeOf('::ffff:192.0.2.1/128')?.first).toBe((0xffffn << 32n) + 0xc0000201n);
  expect(
    ['', 'x', '1.2.3/8', '1.2.3.4/33', '1.2.3.4/8/8', '::1::/8', '1:2/8', '300.1.1.1/8', '::/129'].map(rangeOf),
  ).toEqual(Array.from({ length: 9 }, () => undefined));
  expect(isWorld([])).toBe(false);
});
