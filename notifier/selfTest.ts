import { consoleMetric } from './log';
import type { DeliveryTools } from './order';
import { asDeliveryError } from './transports/errors';

/**
 * The heartbeat: a scheduled event has come through queue and function; every destination is asked, without a message,
 * whether it would take one. Logs the metric `Garrison/Heartbeat` (CloudWatch embedded metric format): 1 when all would.
 * An alarm on its absence covers the rest of the way.
 */
export async function selfTest(tools: DeliveryTools, metric = consoleMetric): Promise<void> {
  const names = Object.keys(tools.context.settings.destinations);
  let well = true;
  for (const name of names) {
    const failure = await probe(name, tools);
    well &&= failure === undefined;
    tools.log(failure === undefined ? 'info' : 'error', 'selfTest', { destination: name, reason: failure });
  }
  metric('Heartbeat', well ? 1 : 0);
}

async function probe(name: string, tools: DeliveryTools): Promise<string | undefined> {
  try {
    await (await tools.destination(name)).probe?.();
    return undefined;
  } catch (error) {
    return asDeliveryError(error)?.reason ?? (error instanceof Error ? error.name : 'Error');
  }
}
