import type {
  CreateArchiveRequest,
  DeleteArchiveRequest,
  DescribeArchiveRequest,
  DescribeReplayRequest,
  ListArchivesRequest,
  ListReplaysRequest,
  StartReplayRequest,
  UpdateArchiveRequest,
} from '@aws-sdk/client-eventbridge';
import { Store } from '../common/store';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import type { Deliverer } from './delivery';
import { readPattern } from './rules';
import { type Archive, type Buses, invalid, notFound } from './state';

interface Replay {
  readonly name: string;
  readonly request: StartReplayRequest;
  readonly startedAt: Date;
  endedAt?: Date;
  state: 'STARTING' | 'RUNNING' | 'COMPLETED';
}

function described(archive: Archive) {
  return {
    ArchiveName: archive.name,
    EventSourceArn: archive.sourceArn,
    State: 'ENABLED',
    RetentionDays: archive.retentionDays,
    SizeBytes: archive.events.reduce((sum, event) => sum + JSON.stringify(event).length, 0),
    EventCount: archive.events.length,
    CreationTime: archive.createdAt,
  };
}

function createArchive(buses: Buses): Handler {
  return (input: CreateArchiveRequest, context) => {
    const { archives } = buses.regions.at(context);
    const name = input.ArchiveName ?? '';
    if (archives.has(name)) {
      throw new ServiceError('ResourceAlreadyExistsException', `Archive ${name} already exists.`);
    }
    const archive: Archive = {
      name,
      arn: `arn:${context.world.partition}:events:${context.region}:${context.accountId}:archive/${name}`,
      sourceArn: buses.at(input.EventSourceArn, context).arn,
      createdAt: context.world.now(),
      events: [],
      patternText: input.EventPattern,
      pattern: input.EventPattern ? readPattern(input.EventPattern) : undefined,
      description: input.Description,
      retentionDays: input.RetentionDays ?? 0,
    };
    archives.set(name, archive);
    return { ArchiveArn: archive.arn, State: 'ENABLED', CreationTime: archive.createdAt };
  };
}

function find(buses: Buses, name: string | undefined, context: CallContext): Archive {
  const archive = buses.regions.at(context).archives.get(name ?? '');
  if (!archive) {
    throw notFound(`Archive ${name} does not exist.`);
  }
  return archive;
}

function startReplay(buses: Buses, replays: Store<Map<string, Replay>>, deliverer: Deliverer): Handler {
  return (input: StartReplayRequest, context) => {
    const name = input.ReplayName ?? '';
    const known = replays.at(context);
    if (known.has(name)) {
      throw new ServiceError('ResourceAlreadyExistsException', `Replay ${name} already exists.`);
    }
    const archive = find(buses, input.EventSourceArn?.split('/').pop(), context);
    const bus = buses.at(input.Destination?.Arn, context);
    const [from, to] = [input.EventStartTime?.getTime() ?? 0, input.EventEndTime?.getTime() ?? 0];
    if (to <= from) {
      throw invalid('EventStartTime must be before EventEndTime.');
    }
    const replay: Replay = { name, request: input, startedAt: context.world.now(), state: 'STARTING' };
    known.set(name, replay);
    context.world.later(0, () => {
      for (const event of archive.events) {
        const time = Date.parse(event.time);
        if (time >= from && time < to) {
          deliverer.arrive(bus, { ...event, 'replay-name': name });
        }
      }
      replay.state = 'COMPLETED';
      replay.endedAt = context.world.now();
    });
    const arn = `arn:${context.world.partition}:events:${context.region}:${context.accountId}:replay/${name}`;
    return { ReplayArn: arn, State: 'STARTING', ReplayStartTime: replay.startedAt };
  };
}

function describedReplay(replay: Replay) {
  const { EventSourceArn, EventStartTime, EventEndTime } = replay.request;
  return {
    ReplayName: replay.name,
    EventSourceArn,
    State: replay.state,
    EventStartTime,
    EventEndTime,
    ReplayStartTime: replay.startedAt,
    ReplayEndTime: replay.endedAt,
  };
}

function replayOperations(buses: Buses, deliverer: Deliverer): Record<string, Handler> {
  const replays = new Store<Map<string, Replay>>(() => new Map());
  return {
    StartReplay: startReplay(buses, replays, deliverer),
    DescribeReplay: (input: DescribeReplayRequest, context) => {
      const replay = replays.at(context).get(input.ReplayName ?? '');
      if (!replay) {
        throw notFound(`Replay ${input.ReplayName} does not exist.`);
      }
      const { Description, Destination } = replay.request;
      return { ...describedReplay(replay), Description, Destination };
    },
    ListReplays: (input: ListReplaysRequest, context) => {
      const all = [...replays.at(context).values()].filter((one) => one.name.startsWith(input.NamePrefix ?? ''));
      const page = paginate(all, { token: input.NextToken, size: input.Limit, maximum: 100 });
      return { Replays: page.items.map(describedReplay), NextToken: page.nextToken };
    },
  };
}

/** Archives of what went over a bus, and replays out of them. */
export function archiveOperations(buses: Buses, deliverer: Deliverer): Record<string, Handler> {
  return {
    CreateArchive: createArchive(buses),
    DescribeArchive: (input: DescribeArchiveRequest, context) => {
      const archive = find(buses, input.ArchiveName, context);
      const details = { ArchiveArn: archive.arn, Description: archive.description, EventPattern: archive.patternText };
      return { ...described(archive), ...details };
    },
    UpdateArchive: (input: UpdateArchiveRequest, context) => {
      const archive = find(buses, input.ArchiveName, context);
      archive.description = input.Description ?? archive.description;
      archive.retentionDays = input.RetentionDays ?? archive.retentionDays;
      if (input.EventPattern !== undefined) {
        archive.pattern = readPattern(input.EventPattern);
        archive.patternText = input.EventPattern;
      }
      return { ArchiveArn: archive.arn, State: 'ENABLED', CreationTime: archive.createdAt };
    },
    DeleteArchive: (input: DeleteArchiveRequest, context) => {
      const archive = find(buses, input.ArchiveName, context);
      buses.regions.at(context).archives.delete(archive.name);
      return {};
    },
    ListArchives: (input: ListArchivesRequest, context) => {
      const all = [...buses.regions.at(context).archives.values()]
        .filter((one) => one.name.startsWith(input.NamePrefix ?? ''))
        .filter((one) => !input.EventSourceArn || one.sourceArn === input.EventSourceArn);
      const page = paginate(all, { token: input.NextToken, size: input.Limit, maximum: 100 });
      return { Archives: page.items.map(described), NextToken: page.nextToken };
    },
    ...replayOperations(buses, deliverer),
  };
}
