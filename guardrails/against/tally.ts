import type { CloudTrailRecord } from '../../detections/record';
import { textAt } from '../../detections/record';
import { concerns, deniesResource, missingKeys, type Request } from '../evaluate/evaluate';
import type { ConfiguredGuardrail } from '../settings';
import type { Statement } from '../statement';
import { actionOf } from './action';
import { principalOf } from './principal';
import { requestsOf } from './requests';

/** One call of those that are counted. */
export interface Example {
  readonly time: string;
  readonly region: string;
  readonly eventId: string;
  /** What it was about, if the log says so. */
  readonly resource?: string;
}

/** Calls of one principal that a guardrail would have stopped, or may have. */
export interface Stopped {
  readonly principal: string;
  readonly accountId: string;
  readonly action: string;
  readonly calls: number;
  readonly first: string;
  readonly last: string;
  readonly examples: readonly Example[];
  /** What the log does not tell, where it is unknown: condition keys, or `resource`. */
  readonly missing: readonly string[];
}

/** What one guardrail would have done. */
export interface GuardrailReport {
  readonly id: string;
  readonly title: string;
  readonly stopped: readonly Stopped[];
  /** Calls of which the log does not tell enough. */
  readonly unknown: readonly Stopped[];
}

/** What all guardrails would have done, and how much was looked at. */
export interface AgainstReport {
  readonly files: number;
  readonly records: number;
  /** Calls that were judged: made by somebody whom service control policies hold, and not refused. */
  readonly judged: number;
  readonly since?: string;
  readonly until?: string;
  readonly broken: readonly { readonly file: string; readonly reason: string }[];
  readonly guardrails: readonly GuardrailReport[];
}

const keptExamples = 3;
const mostActions = 20_000;

/** A guardrail, and which of its statements are about an action. */
interface Concerned {
  readonly id: string;
  readonly statements: readonly Statement[];
}

type Mutable = { -readonly [Member in keyof Stopped]: Stopped[Member] } & { examples: Example[] };

/** Counts, call by call, whom guardrails would have stopped. Memory grows with principals and actions, not with calls. */
export class Tally {
  judged = 0;
  since: string | undefined;
  until: string | undefined;
  private readonly counts = new Map<string, { yes: Map<string, Mutable>; unknown: Map<string, Mutable> }>();
  private readonly guardrails: readonly ConfiguredGuardrail[];
  /** Actions repeat: which statements are about one is found out once. */
  private readonly byAction = new Map<string, readonly Concerned[]>();

  /** @param counted whether the accounts of a call's principal are of interest */
  constructor(
    guardrails: readonly ConfiguredGuardrail[],
    private readonly place: {
      readonly managementAccountId: string;
      readonly rolePaths: readonly string[];
      readonly counted: (accountId: string) => boolean;
    },
  ) {
    this.guardrails = guardrails.filter(({ off }) => off === undefined);
    for (const { guardrail } of this.guardrails) {
      this.counts.set(guardrail.id, { yes: new Map(), unknown: new Map() });
    }
  }

  /** Takes a record of CloudTrail's. Calls that failed would have stopped nobody. */
  add(record: CloudTrailRecord): void {
    const action = actionOf(record);
    const principal = principalOf(record, this.place.managementAccountId);
    if (
      !action ||
      !principal.held ||
      !this.place.counted(principal.accountId) ||
      textAt(record, 'errorCode') !== undefined
    ) {
      return;
    }
    this.judged += 1;
    const time = textAt(record, 'eventTime') ?? '';
    this.since = this.since === undefined || time < this.since ? time : this.since;
    this.until = this.until === undefined || time > this.until ? time : this.until;
    const concerned = this.concerned(action);
    if (concerned.length === 0) {
      return;
    }
    const requests = requestsOf(record, action, { principalArn: principal.arn, rolePaths: this.place.rolePaths });
    for (const { id, statements } of concerned) {
      const { verdict, missing, resource } = judge(statements, requests);
      if (verdict !== 'no') {
        const counts = this.counts.get(id) as { yes: Map<string, Mutable>; unknown: Map<string, Mutable> };
        count(counts[verdict], { record, action, time, resource, missing, ...principal });
      }
    }
  }

  private concerned(action: string): readonly Concerned[] {
    const known = this.byAction.get(action);
    if (known) {
      return known;
    }
    const found = this.guardrails
      .map(({ guardrail: { id }, statements }) => ({
        id,
        statements: statements.filter((one) => concerns(one, action)),
      }))
      .filter(({ statements }) => statements.length > 0);
    // A log can hold any text as an event's name.
    if (this.byAction.size < mostActions) {
      this.byAction.set(action, found);
    }
    return found;
  }

  /** One report for each guardrail, those of most calls first in each. */
  report(): GuardrailReport[] {
    return this.guardrails.map(({ guardrail: { id, title } }) => {
      const counts = this.counts.get(id);
      return { id, title, stopped: ranked(counts?.yes), unknown: ranked(counts?.unknown) };
    });
  }
}

interface Judgement {
  readonly verdict: 'yes' | 'no' | 'unknown';
  readonly missing: readonly string[];
  readonly resource?: string;
}

/** A call is stopped when any of its requests is. All statements are about the action. */
function judge(statements: readonly Statement[], requests: readonly Request[]): Judgement {
  let missing: string[] | undefined;
  for (const request of requests) {
    for (const statement of statements) {
      const verdict = deniesResource(statement, request);
      if (verdict === 'yes') {
        const resource = request.resources === 'unknown' ? undefined : request.resources[0];
        return { verdict, missing: [], resource };
      }
      if (verdict === 'unknown') {
        const keys = missingKeys(statement, request);
        missing = [...new Set([...(missing ?? []), ...keys, ...(request.resources === 'unknown' ? ['resource'] : [])])];
      }
    }
  }
  return missing ? { verdict: 'unknown', missing } : { verdict: 'no', missing: [] };
}

interface Call {
  readonly record: CloudTrailRecord;
  readonly arn: string;
  readonly accountId: string;
  readonly action: string;
  readonly time: string;
  readonly resource?: string;
  readonly missing: readonly string[];
}

function count(counts: Map<string, Mutable>, { record, arn, accountId, action, time, resource, missing }: Call): void {
  const key = `${arn} ${action} ${missing.join(' ')}`;
  const entry = counts.get(key) ?? {
    principal: arn,
    accountId,
    action,
    calls: 0,
    first: time,
    last: time,
    examples: [],
    missing,
  };
  counts.set(key, entry);
  entry.calls += 1;
  entry.first = time < entry.first ? time : entry.first;
  entry.last = time > entry.last ? time : entry.last;
  if (entry.examples.length < keptExamples) {
    const [region, eventId] = [textAt(record, 'awsRegion') ?? '', textAt(record, 'eventID') ?? ''];
    entry.examples.push({ time, region, eventId, resource });
  }
}

function ranked(counts: ReadonlyMap<string, Stopped> = new Map()): Stopped[] {
  return [...counts.values()].sort(
    (one, other) => other.calls - one.calls || (one.principal + one.action < other.principal + other.action ? -1 : 1),
  );
}
