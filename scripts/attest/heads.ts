import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Link } from '../../attestation/record/chain';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import type { Session } from '../../organization/sessions';
import { resourceNames } from '../../stacks/model';

/**
 * Ends of the record as the function said them in its log, where nothing can be changed: each time it wrote, and every
 * few minutes besides.
 *
 * @throws GarrisonError when the log cannot be read
 */
export async function publishedHeads(operator: Session): Promise<Link[]> {
  const client = operator.client(CloudWatchLogsClient, operator.homeRegion);
  const heads = new Map<string, Link>();
  const input = { logGroupName: `/aws/lambda/${resourceNames.attestation}`, filterPattern: '"attestation.head"' };
  let nextToken: string | undefined;
  try {
    do {
      const page = await client.send(new FilterLogEventsCommand({ ...input, nextToken }));
      for (const head of (page.events ?? []).flatMap(({ message }) => headIn(message ?? ''))) {
        heads.set(`${head.number} ${head.hash}`, head);
      }
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  } catch (error) {
    throw explain(error, { accountId: operator.accountId, operation: 'logs:FilterLogEvents' });
  }
  return [...heads.values()];
}

/** A line of the log is what Lambda puts before it, and our JSON. */
function headIn(message: string): Link[] {
  try {
    const { code, number, hash } = JSON.parse(message.slice(message.indexOf('{'))) as Record<string, unknown>;
    const isHead = code === 'attestation.head' && Number.isInteger(number) && /^[0-9a-f]{64}$/.test(String(hash));
    // An empty record says entry 0.
    return isHead && Number(number) > 0 ? [{ number: Number(number), hash: String(hash) }] : [];
  } catch {
    return [];
  }
}

/** `1234:<64 hexadecimal digits>`, as the day's summary in Slack says it. @throws GarrisonError `option.head` */
export function parseHead(text: string): Link {
  const [, number, hash] = /^(\d{1,12}):([0-9a-fA-F]{64})$/.exec(text) ?? [];
  if (number === undefined || hash === undefined) {
    throw new GarrisonError(
      'option.head',
      `--head ${text} is no end of the record`,
      "Give its number, a colon and its hash, as the day's summary in Slack says them.",
    );
  }
  return { number: Number(number), hash: hash.toLowerCase() };
}
