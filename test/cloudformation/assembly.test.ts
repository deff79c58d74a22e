import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { checkInstances, checkTemplates, readAssembly } from '../../cloudformation';
import { zipFolder } from '../../cloudformation/zip';
import { temporaryFolder } from '../support/temporaryFolder';

test('a folder without an assembly is refused with what to do', () => {
  expect(() => readAssembly(temporaryFolder())).toThrow(
    expect.objectContaining({ code: 'assembly.missing', remedy: expect.stringContaining('cdk synth') }),
  );
});

test('a zip of equal files is equal to the byte, and holds what went in', () => {
  const folder = () => {
    const path = temporaryFolder();
    mkdirSync(join(path, 'b'));
    writeFileSync(join(path, 'b', 'ü.txt'), 'second');
    writeFileSync(join(path, 'a.txt'), 'first '.repeat(100));
    return path;
  };
  const zip = zipFolder(folder());
  expect(zipFolder(folder()).equals(zip)).toBe(true);
  expect(entriesOf(zip)).toEqual({ 'a.txt': 'first '.repeat(100), 'b/ü.txt': 'second' });
});

/** By the central directory, as tools that unpack do it. */
function entriesOf(zip: Buffer): Record<string, string> {
  const end = zip.length - 22;
  const entries: Record<string, string> = {};
  let at = zip.readUInt32LE(end + 16);
  for (let index = 0; index < zip.readUInt16LE(end + 10); index++) {
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.subarray(at + 46, at + 46 + nameLength).toString('utf8');
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26);
    entries[name] = inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(at + 20))).toString('utf8');
    at += 46 + nameLength;
  }
  return entries;
}

test('what CloudFormation would refuse is found in advance, with the number and the limit', () => {
  const resources = Object.fromEntries(
    Array.from({ length: 501 }, (_, index) => [`R${index}`, { Type: 'AWS::SQS::Queue' }]),
  );
  const template = { Resources: resources };
  const stack = {
    id: 'large',
    stackName: 'large',
    template,
    templateBody: JSON.stringify(template),
    assets: [],
    tags: {},
  };
  expect(checkTemplates([stack])).toEqual([
    expect.objectContaining({ code: 'quota.exceeded', message: expect.stringMatching(/501 resources.* 500$/) }),
  ]);
  const cells = Array.from({ length: 100_001 }, (_, index) => ({ accountId: String(index), region: 'us-east-1' }));
  expect(checkInstances({ stackSet: 'garrison-detectors', cells })).toHaveLength(1);
});
