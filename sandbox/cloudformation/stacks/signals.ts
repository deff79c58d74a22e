import { ServiceError } from '../../core/errors';
import { isMap, type ResourceDefinition } from '../template/model';
import type { Engine } from './run';
import type { Stack } from './state';

/** ISO 8601 durations as CloudFormation takes them: `PT1H30M15S`. */
function seconds(duration: string): number {
  const [, hours = '0', minutes = '0', rest = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(duration) ?? [];
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
}

/** How many signals a resource needs before it counts as made. */
function awaited(definition: ResourceDefinition): { count: number; timeoutSeconds: number } | undefined {
  const policy = isMap(definition.creationPolicy) ? definition.creationPolicy.ResourceSignal : undefined;
  if (isMap(policy)) {
    return { count: Number(policy.Count ?? 1), timeoutSeconds: seconds(String(policy.Timeout ?? 'PT5M')) };
  }
  if (definition.type === 'AWS::CloudFormation::WaitCondition') {
    const { Count: count = 1, Timeout: timeout = 300 } = definition.properties;
    return { count: Number(count), timeoutSeconds: Number(timeout) };
  }
  return undefined;
}

/** Waits until a resource's signals have come. @throws ServiceError when one says FAILURE, or time is up */
export async function awaitSignals(engine: Engine, stack: Stack, definition: ResourceDefinition): Promise<void> {
  const wanted = awaited(definition);
  if (!wanted || wanted.count <= 0) {
    return;
  }
  const until = engine.store.now().getTime() + wanted.timeoutSeconds * 1000;
  for (;;) {
    const signals = [...(stack.signals.get(definition.logicalId)?.values() ?? [])];
    if (signals.includes('FAILURE')) {
      throw new ServiceError(
        'SignalFailed',
        `Received 1 FAILURE signal(s) out of ${wanted.count}. Unable to satisfy requirement`,
      );
    }
    if (signals.length >= wanted.count) {
      return;
    }
    if (engine.store.now().getTime() >= until || stack.cancelled) {
      throw new ServiceError(
        'SignalTimeout',
        `Failed to receive ${wanted.count} resource signal(s) within the specified duration`,
      );
    }
    await new Promise<void>((resolve) => {
      setTimeout(resolve, 50).unref();
    });
  }
}
