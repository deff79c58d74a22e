import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import pMap from 'p-map';
import type { ElasticsearchWatch } from '../../detections/compile/elasticsearch';
import { GarrisonError } from '../../organization/errors';
import type { Io } from '../io';
import { type CompileOptions, compileAll, withCompileOptions } from './compile';

interface PushOptions extends CompileOptions {
  readonly url: string;
  readonly dryRun: boolean;
}

interface Change {
  readonly id: string;
  readonly kind: 'create' | 'update' | 'none';
  /** Parts of the watch that differ. */
  readonly parts: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}

const concurrency = 4;
const marks = { create: '+', update: '~', none: ' ' } as const;

/** `garrison detections push --to elasticsearch`: idempotent, tells the difference first. */
export function registerPush(command: Command, io: Io): void {
  withCompileOptions(command.command('push [id...]'))
    .description('Bring the watches of an Elasticsearch cluster in line with the catalog.')
    .requiredOption('--to <engine>', 'elasticsearch')
    .requiredOption('--url <url>', 'address of the cluster')
    .option('--dry-run', 'only tell the difference; exit code 2 if there is one', false)
    .addHelpText('after', '\nELASTIC_API_KEY, or ELASTIC_USERNAME and ELASTIC_PASSWORD, say who you are.')
    .action(async (ids: readonly string[], options: PushOptions) => {
      if (options.to !== 'elasticsearch') {
        throw new GarrisonError(
          'option.to',
          `--to ${options.to} cannot be pushed`,
          'Push to elasticsearch; compile for the others.',
        );
      }
      const cluster = new Cluster(options.url, io.env);
      const { compiled, refused } = await compileAll(ids, options);
      const changes = await pMap(compiled as ElasticsearchWatch[], (watch) => compare(cluster, watch), { concurrency });
      tell(changes, refused, io);
      const due = changes.filter(({ kind }) => kind !== 'none');
      if (options.dryRun) {
        io.setExitCode(due.length > 0 ? 2 : 0);
        return;
      }
      await pMap(due, ({ id, body }) => cluster.put(id, body), { concurrency });
    });
}

async function compare(cluster: Cluster, { request }: ElasticsearchWatch): Promise<Change> {
  const { id, active: _, ...body } = request as unknown as Readonly<Record<string, unknown>> & { id: string };
  const present = await cluster.get(id);
  if (!present) {
    return { id, kind: 'create', parts: [], body };
  }
  const [wanted, found] = [normal(body), normal(present)];
  const parts = Object.keys(wanted).filter((part) => !isDeepStrictEqual(wanted[part], found[part]));
  return { id, kind: parts.length > 0 ? 'update' : 'none', parts, body };
}

/** As JSON has it, without what Elasticsearch adds by itself, durations as it gives them back. */
function normal(watch: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { throttle_period: period, ...rest } = watch;
  const inMilliseconds = typeof period === 'string' ? { throttle_period_in_millis: milliseconds(period) } : {};
  return JSON.parse(JSON.stringify({ ...rest, ...inMilliseconds }), (key, inner) =>
    ['rest_total_hits_as_int', 'search_type'].includes(key) ? undefined : inner,
  );
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function milliseconds(period: string): number | string {
  const [, count, unit = ''] = /^(\d+)(ms|[smhd])$/.exec(period) ?? [];
  return count === undefined ? period : Number(count) * (units[unit] ?? 1);
}

function tell(changes: readonly Change[], refused: readonly { id: string; reason: string }[], io: Io): void {
  for (const { id, kind, parts } of changes) {
    io.stdout.write(`${marks[kind]} ${id}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}\n`);
  }
  const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length;
  io.stdout.write(`${count('create')} to create, ${count('update')} to change, ${count('none')} as they should be\n`);
  for (const { id, reason } of refused) {
    io.stderr.write(`${id}: ${reason}\n`);
  }
}

class Cluster {
  private readonly headers: Record<string, string>;

  constructor(
    private readonly url: string,
    env: Io['env'],
  ) {
    const basic = Buffer.from(`${env.ELASTIC_USERNAME ?? ''}:${env.ELASTIC_PASSWORD ?? ''}`).toString('base64');
    const authorization = env.ELASTIC_API_KEY
      ? `ApiKey ${env.ELASTIC_API_KEY}`
      : env.ELASTIC_USERNAME
        ? `Basic ${basic}`
        : undefined;
    this.headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
  }

  async get(id: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const response = await this.call('GET', id);
    if (response.status === 404) {
      return undefined;
    }
    return ((await response.json()) as { watch?: Readonly<Record<string, unknown>> }).watch;
  }

  async put(id: string, body: unknown): Promise<void> {
    await this.call('PUT', id, body);
  }

  private async call(method: 'GET' | 'PUT', id: string, body?: unknown): Promise<Response> {
    const address = `${this.url.replace(/\/+$/, '')}/_watcher/watch/${encodeURIComponent(id)}`;
    const response = await fetch(address, {
      method,
      headers: this.headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    }).catch((error: unknown) => {
      throw new GarrisonError(
        'elasticsearch.unreachable',
        `${this.url} does not answer`,
        'Check --url and your network.',
        {},
        { cause: error },
      );
    });
    if (!response.ok && !(method === 'GET' && response.status === 404)) {
      const text = (await response.text()).slice(0, 300);
      throw new GarrisonError(
        'elasticsearch.refused',
        `${method} ${id}: ${response.status} ${text}`,
        response.status === 401
          ? 'Set ELASTIC_API_KEY, or ELASTIC_USERNAME and ELASTIC_PASSWORD.'
          : 'Watcher needs a licence, and the right manage_watcher.',
      );
    }
    return response;
  }
}
