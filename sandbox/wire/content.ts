import { gunzipSync } from 'node:zlib';
import type { RawRequest } from '../core/service';
import { MalformedRequest } from './values';

/** S3's `aws-chunked` encoding: each chunk has its size, and perhaps a signature, in front of it. */
export function readChunks(body: Buffer): { data: Buffer; trailers: Record<string, string> } {
  const parts: Buffer[] = [];
  let position = 0;
  for (;;) {
    const end = body.indexOf('\r\n', position);
    const size = Number.parseInt(body.toString('latin1', position, end < 0 ? body.length : end), 16);
    if (end < 0 || Number.isNaN(size)) {
      break;
    }
    position = end + 2;
    if (size === 0) {
      break;
    }
    parts.push(body.subarray(position, position + size));
    position += size + 2;
  }
  const lines = body.toString('latin1', position).split('\r\n');
  const trailers = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 ? [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const] : [];
  });
  return { data: Buffer.concat(parts), trailers: Object.fromEntries(trailers) };
}

/** Takes off the encodings that belong to the transport: S3's chunks, the compression of metrics and logs. */
export function decodeContent(request: RawRequest, service: string): RawRequest {
  const encoding = request.headers['content-encoding'] ?? '';
  if (service === 's3') {
    const chunked =
      encoding.includes('aws-chunked') || request.headers['x-amz-content-sha256']?.startsWith('STREAMING-');
    if (!chunked) {
      return request;
    }
    const { data, trailers } = readChunks(request.body);
    const rest = encoding
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== 'aws-chunked');
    const headers = { ...trailers, ...request.headers, 'content-encoding': rest.join(',') || undefined };
    return { ...request, headers: { ...headers, 'content-length': String(data.length) }, body: data };
  }
  if (encoding !== 'gzip') {
    return request;
  }
  try {
    return { ...request, body: gunzipSync(request.body) };
  } catch (cause) {
    throw new MalformedRequest('The body is not gzip.', { cause });
  }
}
