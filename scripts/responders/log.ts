import { type AttributeValue, DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import Table from 'cli-table3';
import type { Command } from 'commander';
import { GarrisonError } from '../../organization/errors';
import { explain } from '../../organization/failures';
import type { Response } from '../../responders/response';
import { resourceNames } from '../../stacks/model';
import type { Io } from '../io';
import { type CommonOptions, withCommonOptions } from '../options';
import { loadFiles } from '../rollout/files';
import { type Operator, openOperator } from './function';

interface LogOptions extends CommonOptions {
  readonly responder?: string;
  readonly account?: string;
  readonly outcome?: string;
  readonly limit: string;
}

/** `garrison responders log`: the record of what was done. */
export function registerLog(command: Command, io: Io): void {
  const own = command
    .command('log')
    .description('What responders did: who, what, before, after, and how to undo it.')
    .option('--responder <id>', 'of this responder only')
    .option('--account <id>', 'in this account only')
    .option('--outcome <outcome>', 'with this outcome only, such as acted')
    .option('--limit <number>', 'the latest so many', '50');
  withCommonOptions(own).action((options: LogOptions) => log(options, io));
}

async function log(options: LogOptions, io: Io): Promise<void> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new GarrisonError(
      'responders.limit',
      `--limit ${options.limit} is no number above 0`,
      'Give a whole number.',
    );
  }
  const { config } = loadFiles(options);
  const all = await readResponses(await openOperator(config));
  const found = all
    .filter(({ outcome }) => options.outcome !== undefined || outcome !== 'ignored')
    .filter((each) => options.responder === undefined || each.responder === options.responder)
    .filter((each) => options.account === undefined || each.accountId === options.account)
    .filter((each) => options.outcome === undefined || each.outcome === options.outcome)
    .sort((one, other) => (one.at < other.at ? 1 : -1))
    .slice(0, limit);
  io.stdout.write(options.json ? `${JSON.stringify({ ok: true, responses: found })}\n` : table(found));
}

async function readResponses({ session }: Operator): Promise<Response[]> {
  const client = session.client(DynamoDBClient, session.homeRegion);
  const responses: Response[] = [];
  try {
    const pages = paginateScan({ client }, { TableName: resourceNames.responseTable, ConsistentRead: true });
    for await (const { Items = [] } of pages) {
      responses.push(...Items.flatMap(responseOf));
    }
  } catch (error) {
    throw explain(error, { accountId: session.accountId, operation: 'dynamodb:Scan' });
  }
  return responses;
}

/** Other items of the table count and remember. */
function responseOf({ id, response }: Record<string, AttributeValue>): Response[] {
  return id?.S?.startsWith('r-') && response?.S !== undefined ? [JSON.parse(response.S) as Response] : [];
}

function table(responses: readonly Response[]): string {
  if (responses.length === 0) {
    return 'Nothing is recorded.\n';
  }
  const view = new Table({
    head: ['id', 'when', 'responder', 'account', 'region', 'on', 'outcome'],
    style: { head: [], border: [], compact: true },
  });
  for (const { id, at, responder, accountId, region, target, outcome, undone } of responses) {
    const ended = undone && undone.outcome !== 'partly' ? `${outcome}, undone` : outcome;
    view.push([id, at.slice(0, 19), responder, accountId, region, target.resource, ended]);
  }
  return `${view.toString()}\n--json tells all; \`garrison responders undo ID\` takes one back.\n`;
}
