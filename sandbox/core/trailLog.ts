import { randomUUID } from 'node:crypto';
import { CallHistory } from './history';
import type { Registry, RunningService } from './registry';
import type { CallContext } from './service';
import { type TrailCall, trailRecord } from './trail';
import { eventKind, eventName, isReadOnly } from './trailNames';
import type { World } from './world';

interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** A call that ended. */
export interface Ended {
  readonly running: RunningService;
  readonly operation: string;
  readonly input: unknown;
  readonly output?: unknown;
  readonly error?: unknown;
  readonly context: CallContext;
}

/** What CloudTrail does for everybody: it remembers calls, and puts those that change something on the bus. */
export class TrailLog {
  readonly history = new CallHistory();

  constructor(
    private readonly world: World,
    private readonly registry: Registry,
  ) {}

  note({ running, ...ended }: Ended): void {
    const service = running.name;
    const kind = eventKind(service, ended.operation);
    if (kind === 'none') {
      return;
    }
    const call: TrailCall = { service, ...ended, eventId: randomUUID(), at: this.world.now() };
    if (kind === 'data') {
      this.tellData(running, call);
      return;
    }
    const { accountId, region } = ended.context;
    const record = () => trailRecord({ ...call, details: running.service.trail?.(call) });
    this.history.add({ at: call.at, accountId, region, record }, kind === 'write');
    if (kind === 'write' && this.isHeard(ended.context)) {
      this.tell(record(), service, ended.context);
    }
  }

  /** A record is made only where a bus could have a rule for it. */
  private isHeard(at: Place): boolean {
    const events = this.registry.peek('events');
    return at.accountId !== '' && events !== undefined && (events.service.listens?.(at) ?? true);
  }

  private tell(detail: Record<string, unknown>, service: string, { accountId, region }: Place): void {
    const event = { source: `aws.${service}`, 'detail-type': 'AWS API Call via CloudTrail', detail };
    this.world.emit(event, { accountId, region });
  }

  /** Data events reach a bus only where a trail selects them; reading does not reach it at all. */
  private tellData(running: RunningService, call: TrailCall): void {
    const { service, operation } = call;
    const trails = this.registry.peek('cloudtrail')?.service;
    const details = trails && running.service.trail?.(call);
    const readOnly = isReadOnly(service, operation);
    if (!trails?.selects || !details?.data || readOnly || !this.isHeard(details.data)) {
      return;
    }
    const event = { eventSource: `${service}.amazonaws.com`, eventName: eventName(service, operation), readOnly };
    if (trails.selects({ ...event, ...details.data })) {
      this.tell(trailRecord({ ...call, details }), service, details.data);
    }
  }
}
