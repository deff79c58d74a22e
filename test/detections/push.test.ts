import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { run } from '../../scripts/garrison';

/** Watcher's API as Elasticsearch has it: what it stores it gives back in its own words. */
class Watcher {
  readonly watches = new Map<string, Record<string, unknown>>();
  readonly calls: string[] = [];
  licensed = true;
  private readonly server: Server;

  constructor(private readonly authorization: string) {
    this.server = createServer(async (request, response) => {
      const { status, body } = this.answer(request, await textOf(request));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer({ method, url = '', headers }: IncomingMessage, text: string): { status: number; body: unknown } {
    const id = decodeURIComponent(/^\/_watcher\/watch\/([^/?]+)$/.exec(url)?.[1] ?? '');
    this.calls.push(`${method} ${id}`);
    if (headers.authorization !== this.authorization) {
      const reason = 'missing authentication credentials for REST request';
      return { status: 401, body: { error: { type: 'security_exception', reason }, status: 401 } };
    }
    if (!this.licensed) {
      const reason = 'current license is non-compliant for [watcher]';
      return { status: 403, body: { error: { type: 'security_exception', reason }, status: 403 } };
    }
    const present = this.watches.get(id);
    if (method === 'GET') {
      return present
        ? { status: 200, body: { found: true, _id: id, status: { state: { active: true } }, watch: present } }
        : { status: 404, body: { found: false, _id: id } };
    }
    this.watches.set(id, stored(JSON.parse(text)));
    return { status: present ? 200 : 201, body: { _id: id, _version: 1, created: !present } };
  }
}

/** Defaults are filled in, and durations become milliseconds. */
function stored(watch: Record<string, unknown>): Record<string, unknown> {
  const { throttle_period, input, ...rest } = watch as {
    throttle_period?: string;
    input: { search: { request: object } };
  } & Record<string, unknown>;
  const request = { search_type: 'query_then_fetch', rest_total_hits_as_int: true, ...input.search.request };
  return {
    ...rest,
    input: { search: { request } },
    ...(throttle_period && { throttle_period_in_millis: Number.parseInt(throttle_period, 10) * 60_000 }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) {
    text += piece;
  }
  return text;
}

async function push(url: string, env: Record<string, string>, ...argv: string[]) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => new PassThrough().on('data', (piece) => (texts[name] += piece));
  const [stdout, stderr] = [stream('stdout'), stream('stderr')];
  const exitCode = await run(['detections', 'push', '--to', 'elasticsearch', '--url', url, ...argv], {
    stdout,
    stderr,
    stdin: Readable.from(['']),
    env,
  });
  return { exitCode, ...texts };
}

const key = { ELASTIC_API_KEY: 'a2V5' };
let watcher: Watcher;
let url: string;

beforeEach(async () => {
  watcher = new Watcher('ApiKey a2V5');
  url = await watcher.listen();
});
afterEach(() => watcher.close());

test('tells the difference first, then puts every watch, and the second time nothing', async () => {
  const tried = await push(url, key, '--dry-run');
  expect(tried.exitCode).toBe(2);
  expect(watcher.watches.size).toBe(0);
  const first = await push(url, key);
  expect(first.exitCode).toBe(0);
  expect(first.stdout).toMatch(/^\+ garrison-root-sign-in$/m);
  expect(watcher.watches.size).toBeGreaterThan(30);
  watcher.calls.length = 0;
  const second = await push(url, key, '--dry-run');
  expect(second.stdout).toMatch(/^0 to create, 0 to change, \d+ as they should be$/m);
  expect(second.exitCode).toBe(0);
  expect(watcher.calls.filter((call) => call.startsWith('PUT'))).toEqual([]);
});

test('only what somebody changed is put again', async () => {
  await push(url, key, 'root-sign-in', 'trail-stopped');
  const present = watcher.watches.get('garrison-root-sign-in') as Record<string, unknown>;
  watcher.watches.set('garrison-root-sign-in', { ...present, trigger: { schedule: { interval: '1d' } } });
  watcher.calls.length = 0;
  const { stdout } = await push(url, key, 'root-sign-in', 'trail-stopped');
  expect(stdout).toMatch(/^~ garrison-root-sign-in \(trigger\)$/m);
  expect(watcher.calls.filter((call) => call.startsWith('PUT'))).toEqual(['PUT garrison-root-sign-in']);
});

test.each([
  ['without credentials', {}, /401 .*missing authentication credentials.*ELASTIC_API_KEY/s],
  ['with a password that is wrong', { ELASTIC_USERNAME: 'elastic', ELASTIC_PASSWORD: 'x' }, /401/],
])('%s it is refused in words', async (_, env, message) => {
  const { exitCode, stderr } = await push(url, env as Record<string, string>, 'root-sign-in');
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('ELASTIC_PASSWORD=');
});

test('a licence without Watcher, and a cluster that is not there, are told as such', async () => {
  watcher.licensed = false;
  expect((await push(url, key, 'root-sign-in')).stderr).toMatch(/current license is non-compliant.*licence/s);
  watcher.close();
  const gone = await push(url, key, 'root-sign-in');
  expect(gone.exitCode).toBe(1);
  expect(gone.stderr).toContain('does not answer');
});
