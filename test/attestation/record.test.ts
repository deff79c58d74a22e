import fc from 'fast-check';
import { canonical, type Json } from '../../attestation/record/canonical';
import { beginning, chained } from '../../attestation/record/chain';
import type { Content } from '../../attestation/record/content';
import { itemsOf } from '../../attestation/record/items';
import { record } from '../../attestation/record/record';
import type { StoredItem } from '../../attestation/record/table';
import { verify } from '../../attestation/record/verify';
import { memoryRecord } from './memoryTable';

const note = (index: number): Content => ({
  kind: 'asked',
  at: '2026-11-21T10:00:00.000Z',
  question: `attest-${index}`,
  slackUser: `U0${index}`,
});
const contents = Array.from({ length: 9 }, (_, index) => note(index + 1));
const entries = chained(beginning, contents);
const heads = entries.map(({ number, hash }) => ({ number, hash }));
const items = (): StoredItem[] => entries.flatMap(itemsOf);
const at = (number: number) => entries[number - 1] as (typeof entries)[number];
const found = (stored: readonly StoredItem[], anchors = heads) =>
  verify(stored, anchors)
    .findings.filter(({ kind }) => kind !== 'index')
    .map(({ kind, number }) => `${kind} ${number}`);
const without = (...numbers: number[]) => items().filter(({ number }) => !numbers.includes(number));
const renumbered = (stored: readonly StoredItem[], from: number, by: number) =>
  stored.map((item) => (item.number >= from ? { ...item, number: item.number + by } : item));

test('canonical JSON is the same for equal values, and says them', () => {
  const json = fc.jsonValue();
  fc.assert(
    fc.property(json, (value) => {
      const text = canonical(value as Json);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonical(JSON.parse(text))).toBe(text);
    }),
  );
  expect(canonical({ b: [1, { d: 'é', c: null }], a: undefined, B: true })).toBe(
    '{"B":true,"b":[1,{"c":null,"d":"é"}]}',
  );
  expect(() => canonical(Number.NaN)).toThrow(TypeError);
});

test('a record that nobody touched verifies, and so does an empty one', () => {
  expect(verify(items(), heads)).toEqual({ entries: 9, head: heads.at(-1), anchors: 9, findings: [] });
  expect(verify([], []).findings).toEqual([]);
});

describe('tampering is found, and the entry named', () => {
  const alter = (number: number, change: (text: string) => string) =>
    items().map((item) => (item.number === number && item.content ? { ...item, content: change(item.content) } : item));

  test('altered', () => {
    expect(found(alter(4, (text) => text.replace('U04', 'U0X')))).toEqual(['altered 4']);
    expect(found(alter(9, (text) => `${text} `))).toEqual(['altered 9']);
    expect(found(alter(2, () => 'no JSON'))).toEqual(['altered 2']);
  });

  test('altered, with its hash made to fit', () => {
    const [forged] = chained({ number: 3, hash: at(3).hash }, [note(77)]);
    const stored = [...without(4), ...itemsOf(forged as never)];
    expect(found(stored, [])).toEqual(['altered 4']);
    expect(found(stored)).toEqual(['altered 4']);
  });

  test('all written anew behind an altered entry: what was published elsewhere tells', () => {
    const anew = chained({ number: 3, hash: at(3).hash }, [note(77), ...contents.slice(4)]);
    const stored = [...entries.slice(0, 3), ...anew].flatMap(itemsOf);
    expect(found(stored, [])).toEqual([]);
    expect(found(stored)).toEqual(['altered 4']);
    expect(found(stored, [at(9)])).toEqual(['altered 9']);
  });

  test('removed', () => {
    expect(found(without(5))).toEqual(['removed 5']);
    expect(found(without(1))).toEqual(['removed 1']);
    expect(found(without(3, 4, 7))).toEqual(['removed 3', 'removed 7']);
  });

  test('removed, and those after it moved up', () => {
    expect(found(renumbered(without(5), 5, -1), [])).toContain('removed 5');
  });

  test('inserted', () => {
    expect(found([...items(), ...itemsOf({ ...at(4), number: 4.5 })])).toEqual(['inserted 4.5']);
    const [forged] = chained(at(4), [note(77)]);
    const stored = [...renumbered(items(), 5, 1), ...itemsOf(forged as never)];
    expect(found(stored, [])).toContain('inserted 5');
  });

  test('reordered', () => {
    const swapped = items().map((item) =>
      item.number === 3 ? { ...item, number: 6 } : item.number === 6 ? { ...item, number: 3 } : item,
    );
    expect(found(swapped)).toEqual(['moved 3', 'moved 6']);
    const neighbours = items().map((item) =>
      item.number === 3 ? { ...item, number: 4 } : item.number === 4 ? { ...item, number: 3 } : item,
    );
    expect(found(neighbours)).toEqual(['moved 3', 'moved 4']);
  });

  test('cut off at the end', () => {
    expect(found(without(8, 9))).toEqual(['truncated 8']);
    expect(found([], [at(1)])).toEqual(['truncated 1']);
  });

  test('the index, so that a question cannot be hidden', () => {
    const hidden = items().filter(({ id }) => id !== 'question:attest-3');
    expect(verify(hidden, heads).findings.map(({ text }) => text)).toEqual([
      'entry 3 cannot be found by question:attest-3: the index lacks it',
    ]);
    const added = [...items(), { id: 'slack-user:U0EVIL', number: 2 }];
    expect(verify(added, heads).findings).toMatchObject([{ kind: 'index', number: 2 }]);
  });

  test('whatever one item is changed to, or taken away', () => {
    const all = items();
    fc.assert(
      fc.property(fc.nat(all.length - 1), fc.constantFrom('content', 'previous', 'hash', 'gone'), (index, what) => {
        const stored = all.flatMap((item, at) => {
          if (at !== index) {
            return [item];
          }
          return what === 'gone' ? [] : [{ ...item, [what]: `${item[what as 'hash'] ?? ''}0` }];
        });
        const pointer = all[index]?.hash === undefined;
        expect(verify(stored, heads).findings.length > 0 || (pointer && what !== 'gone')).toBe(true);
      }),
    );
  });
});

test('many write at once: every entry is there once, in one chain', async () => {
  const table = memoryRecord();
  const log = jest.fn();
  const writers = Array.from({ length: 30 }, (_, index) =>
    record({ table, log, chance: () => 0.05 }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return { contents: [note(index)], result: index };
    }),
  );
  const results = await Promise.allSettled(writers);
  const done = results.filter(({ status }) => status === 'fulfilled').length;
  expect(verify([...table.stored.values()], [])).toMatchObject({ entries: done, findings: [] });
  expect(log).toHaveBeenCalledTimes(done);
});
