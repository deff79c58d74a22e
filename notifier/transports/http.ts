import { webAddress } from '../message/escape';
import { DeliveryError, safeReason } from './errors';

/** The part of `fetch` that is needed: tests and previews give their own. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const timeoutMilliseconds = 10_000;
const longestRetryAfter = 3_600;
const notConnected = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/**
 * Posts once. Redirects are not followed: the body is for one address only.
 *
 * @throws DeliveryError when no answer came, on 429 and on 5xx; other answers are for the caller to read
 */
export async function post(
  fetch: Fetch,
  address: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  if (webAddress(address) === undefined) {
    throw new DeliveryError('refused', 'the configured address is not an https address');
  }
  const answer = await answered(fetch, address, body, headers);
  if (answer.status === 429) {
    throw new DeliveryError('rateLimited', 'rate_limited', answer.retryAfter);
  }
  if (answer.status >= 500) {
    throw new DeliveryError('unavailable', safeReason(answer.body, answer.status), answer.retryAfter);
  }
  return { status: answer.status, body: answer.body };
}

async function answered(
  fetch: Fetch,
  address: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer & { retryAfter?: number }> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
    const text = await response.text();
    return { status: response.status, body: text, retryAfter: retryAfter(response.headers.get('retry-after')) };
  } catch (error) {
    const code = causeCode(error);
    throw new DeliveryError(notConnected.test(code) ? 'unavailable' : 'unknown', code);
  }
}

/** Seconds from `Retry-After`: a number or an HTTP date. */
function retryAfter(header: string | null): number | undefined {
  if (header === null) {
    return undefined;
  }
  const seconds = /^\d{1,6}$/.test(header.trim())
    ? Number(header)
    : Math.ceil((Date.parse(header) - Date.now()) / 1_000);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), longestRetryAfter) : undefined;
}

/** A word for the log; never the error's text, which can hold the address. */
function causeCode(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { code } = cause as { code?: unknown };
  return typeof code === 'string' && /^[A-Z_0-9]{3,40}$/.test(code) ? code : 'NO_ANSWER';
}
