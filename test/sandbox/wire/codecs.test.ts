import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as s3 from '@aws-sdk/client-s3';
import { readCbor, writeCbor } from '../../../sandbox/wire/cbor';
import { readChunks } from '../../../sandbox/wire/content';
import { matchRoute } from '../../../sandbox/wire/routes';
import { serviceSchema } from '../../../sandbox/wire/schema';
import { readTime } from '../../../sandbox/wire/values';
import { parseXml } from '../../../sandbox/wire/xmlText';

const schema = serviceSchema(s3);

test.each([
  ['GET', '/', '', 'ListBuckets'],
  ['GET', '/bucket', '', 'ListObjects'],
  ['GET', '/bucket', 'list-type=2', 'ListObjectsV2'],
  ['GET', '/bucket', 'location', 'GetBucketLocation'],
  ['GET', '/bucket/', 'versioning', 'GetBucketVersioning'],
  ['GET', '/bucket/a/b', '', 'GetObject'],
  ['GET', '/bucket/a/b', 'uploadId=1', 'ListParts'],
  ['PUT', '/bucket/a/b', '', 'PutObject'],
  ['PUT', '/bucket/a/b', 'x-id=PutObject', 'PutObject'],
  ['PUT', '/bucket/a/b', 'partNumber=1&uploadId=2', 'UploadPart'],
  ['PUT', '/bucket', '', 'CreateBucket'],
  ['POST', '/bucket', 'delete', 'DeleteObjects'],
  ['POST', '/bucket/a', 'uploads', 'CreateMultipartUpload'],
  ['POST', '/bucket/a', 'uploadId=2', 'CompleteMultipartUpload'],
  ['DELETE', '/bucket/a', '', 'DeleteObject'],
  ['DELETE', '/bucket/a', 'uploadId=2', 'AbortMultipartUpload'],
  ['HEAD', '/bucket', '', 'HeadBucket'],
])('S3: %s %s?%s is %s', (method, path, query, operation) => {
  const match = matchRoute(schema, { method, path, query: new URLSearchParams(query), headers: {} });
  expect(match?.operation.name).toBe(operation);
});

test('a copy is known by its header, and keys keep their slashes', () => {
  const headers = { 'x-amz-copy-source': '/a/b' };
  const match = matchRoute(schema, {
    method: 'PUT',
    path: '/bucket/a/%C3%BC%2Fb',
    query: new URLSearchParams(),
    headers,
  });
  expect(match?.operation.name).toBe('CopyObject');
  expect(match?.labels).toEqual({ Bucket: 'bucket', Key: 'a/ü/b' });
});

test('chunks are put together, with their trailers', () => {
  const body = Buffer.from('5;chunk-signature=abc\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n');
  const { data, trailers } = readChunks(body);
  expect(data.toString()).toBe('hello world');
  expect(trailers).toEqual({ 'x-amz-checksum-crc32': 'AAAA' });
});

test('XML is read with entities, sections and attributes, and refused when it is broken', () => {
  const element = parseXml('<?xml version="1.0"?><a:b x="1&amp;2"><!-- c --><c>&lt;&#65;</c><d/><![CDATA[<e>]]></a:b>');
  expect(element).toMatchObject({ name: 'b', attributes: { x: '1&2' }, text: '<e>' });
  expect(element.children.map(({ name, text }) => [name, text])).toEqual([
    ['c', '<A'],
    ['d', ''],
  ]);
  for (const broken of ['', '<a>', '<a></b>', '</a>', '<a/><b/>', '<a><']) {
    expect(() => parseXml(broken)).toThrow(/XML/);
  }
});

test('times are read in every form that clients write', () => {
  const moment = Date.UTC(2026, 0, 2, 3, 4, 5);
  for (const text of ['2026-01-02T03:04:05Z', 'Fri, 02 Jan 2026 03:04:05 GMT', moment / 1000, String(moment / 1000)]) {
    expect(readTime(text).getTime()).toBe(moment);
  }
  expect(() => readTime('yesterday')).toThrow('Unable to parse');
});

test('CBOR carries times, numbers and lists there and back', () => {
  const operation = serviceSchema(cloudwatch).operations.get('PutMetricData');
  const input = {
    Namespace: 'n',
    MetricData: [
      { MetricName: 'm', Timestamp: new Date(1_700_000_000_000), Value: 1.5, Dimensions: [{ Name: 'a', Value: 'b' }] },
    ],
  };
  expect(operation && readCbor(operation.input, writeCbor(operation.input, input))).toEqual(input);
  expect(() => operation && readCbor(operation.input, Buffer.from([0xff, 0x00]))).toThrow();
});
