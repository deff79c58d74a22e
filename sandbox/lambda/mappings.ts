import { randomUUID } from 'node:crypto';
import type {
  CreateEventSourceMappingRequest,
  EventSourceMappingConfiguration,
  UpdateEventSourceMappingRequest,
} from '@aws-sdk/client-lambda';
import { parseEventPattern } from '../../patterns/eventbridge';
import { parseArn } from '../common/arn';
import { type Site, Store } from '../common/store';
import { ServiceError } from '../core/errors';
import { paginate } from '../core/paginate';
import type { CallContext, Handler } from '../core/service';
import type { Invoker } from './invoke';
import { Poller } from './poller';
import { conflict, type Functions, invalid, type LambdaFunction, notFound } from './state';

export interface Mapping {
  readonly id: string;
  readonly site: Site;
  configuration: EventSourceMappingConfiguration & { UUID: string };
  poller?: Poller;
}

type Settings = CreateEventSourceMappingRequest | UpdateEventSourceMappingRequest;

function checkSettings(settings: Settings, fifo: boolean): void {
  const { BatchSize = 10, MaximumBatchingWindowInSeconds = 0, ScalingConfig } = settings;
  if (BatchSize < 1 || BatchSize > 10_000) {
    throw new ServiceError(
      'ValidationException',
      `1 validation error detected: Value '${BatchSize}' at 'batchSize' failed to satisfy constraint: Member must have value between 1 and 10000`,
      400,
    );
  }
  if (fifo && BatchSize > 10) {
    throw invalid('Batch size must be less than or equal to 10 for FIFO queues.');
  }
  if (fifo && MaximumBatchingWindowInSeconds > 0) {
    throw invalid('Batching window is not supported for FIFO queues.');
  }
  if (BatchSize > 10 && MaximumBatchingWindowInSeconds < 1) {
    throw invalid('Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10');
  }
  const concurrency = ScalingConfig?.MaximumConcurrency;
  if (concurrency !== undefined && (concurrency < 2 || concurrency > 1000)) {
    throw invalid('MaximumConcurrency must be between 2 and 1000.');
  }
  checkFilters(settings);
}

function checkFilters(settings: Settings): void {
  for (const filter of settings.FilterCriteria?.Filters ?? []) {
    try {
      parseEventPattern(JSON.parse(filter.Pattern ?? ''));
    } catch {
      throw invalid('Invalid filter pattern definition.');
    }
  }
}

/** Event source mappings: which queue feeds which function. */
export class Mappings {
  private readonly mappings = new Store<Map<string, Mapping>>(() => new Map());

  constructor(
    private readonly functions: Functions,
    private readonly invoker: Invoker,
  ) {}

  close(): void {
    for (const region of this.mappings.all()) {
      for (const mapping of region.values()) {
        mapping.poller?.stop();
      }
    }
  }

  /** The role must be able to read the queue, and the queue must hide messages as long as the function may run. */
  private async checkQueue(fn: LambdaFunction, source: string): Promise<void> {
    const arn = parseArn(source);
    if (arn?.service !== 'sqs') {
      throw invalid('The local organization maps SQS queues only as event sources.');
    }
    const { world } = this.functions;
    const service = world.serviceCaller('lambda.amazonaws.com', { accountId: fn.site.accountId, arn: fn.arn });
    const { Role = '', Timeout = 3 } = fn.latest.configuration;
    const QueueUrl = `https://sqs.${arn.region}.amazonaws.com/${arn.accountId}/${arn.resource}`;
    try {
      const caller = await world.assumeRole(Role, fn.name, service, fn.site.region);
      const as = { caller, region: arn.region, accountId: arn.accountId };
      const answer = await world.call<{ Attributes: Record<string, string> }>(
        'sqs',
        'GetQueueAttributes',
        { QueueUrl, AttributeNames: ['VisibilityTimeout'] },
        as,
      );
      const visibility = Number(answer.Attributes.VisibilityTimeout);
      if (visibility < Timeout) {
        throw invalid(
          `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${Timeout} seconds`,
        );
      }
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'QueueDoesNotExist') {
        throw invalid(
          `Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: ${error.message}`,
        );
      }
      if (error instanceof ServiceError && /AccessDenied/.test(error.code)) {
        throw invalid('The function execution role does not have permissions to call ReceiveMessage on SQS');
      }
      throw error;
    }
  }

  private create(): Handler {
    return async (input: CreateEventSourceMappingRequest, context) => {
      const { fn, qualifier } = this.functions.resolve(input.FunctionName, undefined, context);
      const source = input.EventSourceArn ?? '';
      const functionArn = qualifier ? `${fn.arn}:${qualifier}` : fn.arn;
      checkSettings(input, source.endsWith('.fifo'));
      const region = this.mappings.at(context);
      const twin = [...region.values()].find(
        ({ configuration }) => configuration.EventSourceArn === source && configuration.FunctionArn === functionArn,
      );
      if (twin) {
        throw conflict(
          `An event source mapping with SQS arn (" ${source} ") and function (" ${fn.name} ") already exists. Please update or delete the existing mapping with UUID ${twin.id}`,
        );
      }
      await this.checkQueue(fn, source);
      const id = randomUUID();
      const enabled = input.Enabled !== false;
      const configuration = {
        UUID: id,
        EventSourceMappingArn: `arn:${context.world.partition}:lambda:${context.region}:${context.accountId}:event-source-mapping:${id}`,
        BatchSize: input.BatchSize ?? 10,
        MaximumBatchingWindowInSeconds: input.MaximumBatchingWindowInSeconds ?? 0,
        EventSourceArn: source,
        FunctionArn: functionArn,
        FunctionResponseTypes: input.FunctionResponseTypes ?? [],
        FilterCriteria: input.FilterCriteria,
        ScalingConfig: input.ScalingConfig,
        LastModified: context.world.now(),
        State: enabled ? 'Enabled' : 'Disabled',
        StateTransitionReason: 'USER_INITIATED',
      };
      const mapping: Mapping = { id, site: fn.site, configuration };
      region.set(id, mapping);
      this.restart(mapping);
      return { ...configuration, State: enabled ? 'Creating' : 'Disabled' };
    };
  }

  private restart(mapping: Mapping): void {
    mapping.poller?.stop();
    mapping.poller = undefined;
    if (mapping.configuration.State === 'Enabled') {
      mapping.poller = new Poller(this.functions, this.invoker, mapping.site, mapping.configuration);
      mapping.poller.start();
    }
  }

  /** The function that a mapping feeds, for IAM's condition key `lambda:FunctionArn`. */
  functionArn(id: string | undefined, context: CallContext): string | undefined {
    return this.mappings.at(context).get(id ?? '')?.configuration.FunctionArn;
  }

  private find(id: string | undefined, context: CallContext): Mapping {
    const mapping = this.mappings.at(context).get(id ?? '');
    if (!mapping) {
      throw notFound('The resource you requested does not exist.');
    }
    return mapping;
  }

  private update(): Handler {
    return (input: UpdateEventSourceMappingRequest, context) => {
      const mapping = this.find(input.UUID, context);
      const { configuration } = mapping;
      checkSettings(input, configuration.EventSourceArn?.endsWith('.fifo') ?? false);
      const { UUID: _id, FunctionName, Enabled, ...settings } = input;
      const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
      Object.assign(configuration, given, { LastModified: context.world.now() });
      if (FunctionName) {
        configuration.FunctionArn = this.functions.at(FunctionName, context).arn;
      }
      if (Enabled !== undefined) {
        configuration.State = Enabled ? 'Enabled' : 'Disabled';
      }
      this.restart(mapping);
      return { ...configuration, State: 'Updating' };
    };
  }

  operations(): Record<string, Handler> {
    return {
      CreateEventSourceMapping: this.create(),
      UpdateEventSourceMapping: this.update(),
      GetEventSourceMapping: (input, context) => this.find(input.UUID, context).configuration,
      DeleteEventSourceMapping: (input, context) => {
        const mapping = this.find(input.UUID, context);
        mapping.poller?.stop();
        this.mappings.at(context).delete(mapping.id);
        return { ...mapping.configuration, State: 'Deleting' };
      },
      ListEventSourceMappings: (input, context) => {
        const arn = input.FunctionName ? this.functions.at(input.FunctionName, context).arn : undefined;
        const all = [...this.mappings.at(context).values()]
          .map((mapping) => mapping.configuration)
          .filter((one) => !input.EventSourceArn || one.EventSourceArn === input.EventSourceArn)
          .filter((one) => !arn || one.FunctionArn === arn || one.FunctionArn?.startsWith(`${arn}:`));
        const page = paginate(all, { token: input.Marker, size: input.MaxItems, maximum: 100 });
        return { EventSourceMappings: page.items, NextMarker: page.nextToken };
      },
    };
  }
}
