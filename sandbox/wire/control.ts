import type { CallCount } from '../core/calls';
import type { RecordedDecision } from '../core/decisionLog';
import type { Fault } from '../core/faults';
import type { RawRequest } from '../core/service';
import type { Withheld } from '../core/withheld';
import type { Answer } from './answers';

/** What the control endpoints steer. */
export interface Controlled {
  calls(): CallCount[];
  clearCalls(): void;
  backgroundErrors(): readonly unknown[];
  reset(): Promise<void>;
  readonly faults: { add(fault: Fault): void; clear(): void };
  readonly decisions: { start(): void; stop(): void; list(): RecordedDecision[] };
  readonly withheld: { add(withheld: Withheld): void; clear(): void };
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

/** Reads one statement to overlook, or a list. @throws SyntaxError or TypeError */
function readWithheld(body: Buffer): Withheld[] {
  const all = [JSON.parse(body.toString('utf8'))].flat() as Withheld[];
  for (const withheld of all) {
    if (typeof withheld?.role !== 'string' || typeof withheld.sid !== 'string') {
      throw new TypeError('What is withheld needs a "role" and a "sid".');
    }
  }
  return all;
}

/** Browsers send an Origin: no web page may steer the sandbox. */
function fromBrowser(request: RawRequest): boolean {
  return request.headers.origin !== undefined;
}

/**
 * `/_sandbox/…`: `GET calls`, `DELETE calls`, `POST reset`, `POST faults`, `DELETE faults`, `GET health`; `POST`, `GET`
 * and `DELETE decisions`, `POST` and `DELETE withheld`. `undefined` for any other path.
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
      return read(request, readFaults, (fault) => sandbox.faults.add(fault));
    default:
      return (
        permissionsAnswer(sandbox, request) ?? json({ error: `There is no ${request.method} ${request.path}.` }, 404)
      );
  }
}

/** What IAM decided, and what it is to overlook. */
function permissionsAnswer(sandbox: Controlled, request: RawRequest): Answer | undefined {
  switch (`${request.method} ${request.path.slice('/_sandbox/'.length)}`) {
    case 'POST decisions':
      sandbox.decisions.start();
      return json({});
    case 'GET decisions':
      return json(sandbox.decisions.list().map(shown));
    case 'DELETE decisions':
      sandbox.decisions.stop();
      return json({});
    case 'POST withheld':
      return read(request, readWithheld, (withheld) => sandbox.withheld.add(withheld));
    case 'DELETE withheld':
      sandbox.withheld.clear();
      return json({});
    default:
      return undefined;
  }
}

/** A decision without what nobody outside needs. */
function shown({ caller, call, via, question, decision }: RecordedDecision) {
  const { principal, action, resource, context } = question;
  return { principal, role: caller.roleArn, call, via, action, resource, context, ...decision };
}

/** Adds what a request brings, one or a list. */
function read<T>(request: RawRequest, parse: (body: Buffer) => T[], add: (item: T) => void): Answer {
  try {
    const items = parse(request.body);
    items.forEach(add);
    return json({ added: items.length });
  } catch (error) {
    return json({ error: error instanceof Error ? error.message : String(error) }, 400);
  }
}
