import { type Arguments, SlackRefusal } from './refusal';

/** Slack's cursors are base64 of a kind and where the next page starts. */
function cursor(kind: string, start: number): string {
  return Buffer.from(`${kind}:${start}`).toString('base64');
}

/**
 * One page of a list: `limit` items from `cursor` on (100 unless given, never more than 1,000).
 *
 * @throws SlackRefusal `invalid_cursor`, `invalid_limit`
 */
export function pageOf<Item>(all: readonly Item[], input: Arguments, kind = 'next') {
  const limit = Number(input.limit || 100);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new SlackRefusal('invalid_limit');
  }
  const given = input.cursor ? Buffer.from(String(input.cursor), 'base64').toString('utf8') : `${kind}:0`;
  const start = new RegExp(`^${kind}:(\\d+)$`).exec(given)?.[1];
  if (start === undefined) {
    throw new SlackRefusal('invalid_cursor');
  }
  const end = Number(start) + Math.min(limit, 1000);
  const next = end < all.length ? cursor(kind, end) : '';
  return {
    items: all.slice(Number(start), end),
    hasMore: next !== '',
    more: { response_metadata: { next_cursor: next } },
  };
}
