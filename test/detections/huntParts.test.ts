import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiCall, root, signIn } from '../../detections/examples';
import { Gatherer } from '../../detections/hunt/gatherer';
import { createFileHunter, huntPart } from '../../detections/hunt/huntFile';
import { PartialFiles } from '../../detections/hunt/partialFiles';
import { type FilePart, partsOf } from '../../detections/hunt/parts';
import { reportOf } from '../../detections/hunt/report';
import { temporaryFolder } from '../support/temporaryFolder';
import { everyRecord } from './support';

const folder = temporaryFolder();

const hunter = createFileHunter({});
const records = everyRecord.map(({ record }, index) => ({ eventVersion: '1.11', ...record, eventID: String(index) }));
const forms: Record<string, (records: readonly unknown[]) => string> = {
  'as CloudTrail delivers': (list) => JSON.stringify({ Records: list }),
  'a list': (list) => JSON.stringify(list),
  'JSON lines': (list) => list.map((record) => JSON.stringify(record)).join('\n'),
  indented: (list) => JSON.stringify({ Records: list }, undefined, 2),
};

async function inParts(text: string, partBytes: number) {
  const path = join(folder, 'parts.json');
  writeFileSync(path, text);
  const parts = partsOf({ path, bytes: statSync(path).size }, partBytes);
  const gatherer = new Gatherer();
  const partial = new PartialFiles(gatherer);
  // The last first: parts come in any order.
  for (const part of [...parts].reverse()) {
    partial.add(await huntPart(hunter, part, part.range as NonNullable<FilePart['range']>));
  }
  const again = partial.unfit();
  for (const part of again) {
    await hunter(part, gatherer);
  }
  return { parts: parts.length, again: again.length, report: reportOf(gatherer) };
}

async function inOne(text: string) {
  const path = join(folder, 'one.json');
  writeFileSync(path, text);
  const gatherer = new Gatherer();
  await hunter({ path, bytes: 0 }, gatherer);
  return reportOf(gatherer);
}

const figures = ({ files, records: read, bytes, alerts, broken }: ReturnType<typeof reportOf>) => ({
  files,
  records: read,
  bytes,
  alerts,
  broken: broken.length,
});

test.each(Object.keys(forms))('a large file in parts says what it says as one: %s', async (form) => {
  const text = (forms[form] as (list: readonly unknown[]) => string)(records);
  const { parts, again, report } = await inParts(text, 20_000);
  expect(parts).toBeGreaterThan(5);
  expect(again).toBe(0);
  expect(figures(report)).toEqual(figures(await inOne(text)));
  expect(report.records).toBe(records.length);
  expect(report.alerts).toBeGreaterThan(100);
});

test('a record within a record is no record, wherever the file is cut', async () => {
  const inner = { ...signIn({ userIdentity: root }), eventName: 'ConsoleLogin' };
  const outer = apiCall('ec2.amazonaws.com', 'DescribeInstances', {
    requestParameters: { list: Array.from({ length: 40 }, () => inner) },
  });
  const text = JSON.stringify({ Records: Array.from({ length: 20 }, () => outer) });
  const { again, report } = await inParts(text, 20_000);
  expect(again).toBe(1);
  expect(figures(report)).toEqual({ files: 1, records: 20, bytes: Buffer.byteLength(text), alerts: 0, broken: 0 });
});

test('a file that breaks off is told once', async () => {
  const text = JSON.stringify({ Records: records }).slice(0, -500);
  const { report } = await inParts(text, 20_000);
  expect(report.broken).toHaveLength(1);
  expect(figures(report)).toEqual(figures(await inOne(text)));
});

test('what a loud detection fires on does not take the room of the others', async () => {
  const gatherer = new Gatherer(10);
  const path = join(folder, 'loud.json');
  const loud = Array.from({ length: 2000 }, () => signIn());
  writeFileSync(path, JSON.stringify({ Records: [...loud, apiCall('cloudtrail.amazonaws.com', 'StopLogging')] }));
  await hunter({ path, bytes: 0 }, gatherer);
  const { findings, alerts } = reportOf(gatherer);
  expect(alerts).toBe(2002);
  expect(findings.filter(({ detection }) => detection === 'console-sign-in')).toHaveLength(100);
  expect(findings.some(({ detection }) => detection === 'trail-stopped')).toBe(true);
});

test('what LookupEvents answers is looked through as well', async () => {
  const events = records.slice(0, 50).map((record) => ({ EventName: 'x', CloudTrailEvent: JSON.stringify(record) }));
  const told = await inOne(JSON.stringify({ Events: events }, undefined, 4));
  expect(told.alerts).toBe((await inOne(JSON.stringify(records.slice(0, 50)))).alerts);
});
