import { createHmac, timingSafeEqual } from 'node:crypto';
import type { LambdaFunctionURLEvent } from 'aws-lambda';

/** Slack's own requests are smaller: a view has at most 250 kB, and comes back as JSON inside a form. */
const longestBody = 768 * 1024;
/** Seconds by which a request may be old, or the clocks differ. Source: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export const toleratedSeconds = 300;

/** A request that Slack has signed. */
export interface SignedRequest {
  readonly body: string;
  readonly contentType: string;
  readonly signature: string;
  /** Epoch seconds. */
  readonly timestamp: number;
}

/**
 * The request behind an event of the function URL, if Slack has signed it within the last five minutes; `undefined`
 * for everything else, whatever is wrong with it. That it comes for the first time, `replay.ts` sees to.
 */
export function signedRequest(
  event: LambdaFunctionURLEvent,
  signingSecret: string,
  now: Date,
): SignedRequest | undefined {
  const headers = lowerCase(event.headers);
  const signature = headers['x-slack-signature'] ?? '';
  const time = headers['x-slack-request-timestamp'] ?? '';
  const encoded = event.body ?? '';
  if (event.requestContext?.http?.method !== 'POST' || encoded.length > longestEncoded(event.isBase64Encoded)) {
    return undefined;
  }
  if (!/^v0=[0-9a-f]{64}$/.test(signature) || !/^\d{10}$/.test(time)) {
    return undefined;
  }
  const body = Buffer.from(encoded, event.isBase64Encoded ? 'base64' : 'utf8');
  const fresh = Math.abs(now.getTime() / 1_000 - Number(time)) <= toleratedSeconds;
  if (body.length > longestBody || !fresh || !isSigned(signature, time, body, signingSecret)) {
    return undefined;
  }
  return {
    body: body.toString('utf8'),
    contentType: headers['content-type'] ?? '',
    signature,
    timestamp: Number(time),
  };
}

/** Whether HMAC-SHA256 over version, time and body is the signature; takes as long for a wrong one. */
function isSigned(signature: string, time: string, body: Buffer, signingSecret: string): boolean {
  // An empty key would let everybody sign.
  if (signingSecret === '') {
    return false;
  }
  const expected = createHmac('sha256', signingSecret).update(`v0:${time}:`).update(body).digest('hex');
  return timingSafeEqual(Buffer.from(`v0=${expected}`), Buffer.from(signature));
}

function longestEncoded(base64: boolean): number {
  return base64 ? Math.ceil((longestBody * 4) / 3) + 4 : longestBody;
}

function lowerCase(headers: Readonly<Record<string, string | undefined>> = {}): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
