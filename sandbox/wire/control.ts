import type { CallCount } from '../core/calls';
import type { Fault } from '../core/faults';
import type { RawRequest } from '../core/service';
import type { Answer } from './answers';

/** What the control endpoints steer. */
export interface Controlled {
  calls(): CallCount[];
  clearCalls(): void;
  backgroundErrors(): readonly unknown[];
  reset(): Promise<void>;
  readonly faults: { add(fault: Fault): void; clear(): void };
}

function json(value: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

const kinds = new Set(['error', 'drop', 'hang', 'status']);

/** Reads one fault or a list. @throws SyntaxError or TypeError */
function readFaults(body: Buffer): Fault[] {
  const value: unknown = JSON.parse(body.toString('utf8'));
  const faults = (Array.isArray(value) ? value : [value]) as Fault[];
  for (const fault of faults) {
    if (typeof fault?.service !== 'string' || !kinds.has(fault.kind)) {
      throw new TypeError('A fault needs "service" and a "kind": error, drop, hang or status.');
    }
  }
  return faults;
}

/** Browsers send an Origin: no web page may steer the sandbox. */
function fromBrowser(request: RawRequest): boolean {
  return request.headers.origin !== undefined;
}

/**
 * `/_sandbox/…`: `GET calls`, `DELETE calls`, `POST reset`, `POST faults`, `DELETE faults`, `GET health`.
 * `undefined` for any other path.
 */
export async function controlAnswer(sandbox: Controlled, request: RawRequest): Promise<Answer | undefined> {
  if (!request.path.startsWith('/_sandbox/')) {
    return undefined;
  }
  if (fromBrowser(request)) {
    return json({ error: 'Not for browsers.' }, 403);
  }
  switch (`${request.method} ${request.path.slice('/_sandbox/'.length)}`) {
    case 'GET health':
      return json({ status: 'running', errors: sandbox.backgroundErrors().map(String) });
    case 'GET calls':
      return json(sandbox.calls());
    case 'DELETE calls':
      sandbox.clearCalls();
      return json({});
    case 'POST reset':
      await sandbox.reset();
      return json({});
    case 'DELETE faults':
      sandbox.faults.clear();
      return json({});
    case 'POST faults':
      return addFaults(sandbox, request);
    default:
      return json({ error: `There is no ${request.method} ${request.path}.` }, 404);
  }
}

function addFaults(sandbox: Controlled, request: RawRequest): Answer {
  try {
    const faults = readFaults(request.body);
    for (const fault of faults) {
      sandbox.faults.add(fault);
    }
    return json({ added: faults.length });
  } catch (error) {
    return json({ error: error instanceof Error ? error.message : String(error) }, 400);
  }
}
