import { putMetric } from './metric';
import type { DeliveryTools } from './order';
import { asDeliveryError } from './transports/errors';

/**
 * The heartbeat: a scheduled event has come through queue and function; every destination is asked, without a message,
 * whether it would take one. The metric `Garrison/Heartbeat` is 1 when all would, else 0. An alarm on its absence covers the
 * rest of the way, so that a metric which cannot be written is an alarm too.
 */
export async function selfTest(tools: DeliveryTools): Promise<void> {
  const names = Object.keys(tools.context.settings.destinations);
  let well = true;
  for (const name of names) {
    const failure = await probe(name, tools);
    well &&= failure === undefined;
    tools.log(failure === undefined ? 'info' : 'error', 'selfTest', { destination: name, reason: failure });
  }
  const metric = tools.metric ?? putMetric(tools.context.settings.homeRegion);
  await metric('Heartbeat', well ? 1 : 0).catch((error: unknown) => {
    tools.log('error', 'selfTest.notTold', { reason: error instanceof Error ? error.name : 'Error' });
  });
}

async function probe(name: string, tools: DeliveryTools): Promise<string | undefined> {
  try {
    await (await tools.destination(name)).probe?.();
    return undefined;
  } catch (error) {
    return asDeliveryError(error)?.reason ?? (error instanceof Error ? error.name : 'Error');
  }
}
