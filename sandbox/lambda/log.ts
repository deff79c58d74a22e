import { ServiceError } from '../core/errors';
import type { World } from '../core/world';
import type { Run } from './pool';
import type { LambdaFunction, Version } from './state';

const tailBytes = 4096;

/** The lines that Lambda writes around a function's own. */
function lines(run: Run, version: Version): string[] {
  const { Version: number, MemorySize = 128 } = version.configuration;
  const billed = Math.ceil(run.milliseconds);
  const parts = [
    `REPORT RequestId: ${run.requestId}`,
    `Duration: ${run.milliseconds.toFixed(2)} ms`,
    `Billed Duration: ${billed} ms`,
    `Memory Size: ${MemorySize} MB`,
    `Max Memory Used: ${run.memory ?? MemorySize} MB`,
  ];
  if (run.initMilliseconds !== undefined) {
    parts.push(`Init Duration: ${run.initMilliseconds.toFixed(2)} ms`);
  }
  const timeout =
    run.error?.errorType === 'Sandbox.Timedout'
      ? [
          `${new Date().toISOString()} ${run.requestId} Task timed out after ${(version.configuration.Timeout ?? 3).toFixed(2)} seconds\n\n`,
        ]
      : [];
  return [
    `START RequestId: ${run.requestId} Version: ${number}\n`,
    ...run.log.map((line) => `${line}\n`),
    ...timeout,
    `END RequestId: ${run.requestId}\n`,
    `${parts.join('\t')}\t\n`,
  ];
}

/** The last 4 KiB of a run's log, as Invoke answers it. */
export function tail(run: Run, version: Version): string {
  return Buffer.from(lines(run, version).join('')).subarray(-tailBytes).toString('base64');
}

/** Writes a run's log to its group, as the execution role; a role that may not, loses its logs and nothing else. */
export async function writeLog(world: World, fn: LambdaFunction, version: Version, run: Run): Promise<void> {
  const logGroupName = version.configuration.LoggingConfig?.LogGroup ?? `/aws/lambda/${fn.name}`;
  const logStreamName = run.logStream;
  const as = { caller: run.role, region: fn.site.region, accountId: fn.site.accountId };
  const timestamp = world.now().getTime();
  const logEvents = lines(run, version).map((message) => ({ timestamp, message }));
  const put = () => world.call('logs', 'PutLogEvents', { logGroupName, logStreamName, logEvents }, as);
  const quietly = async (operation: string, input: object) => {
    await world.call('logs', operation, input, as).catch(ignoreRefusal);
  };
  try {
    await put();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code !== 'ResourceNotFoundException') {
      ignoreRefusal(error);
      return;
    }
    await quietly('CreateLogGroup', { logGroupName });
    await quietly('CreateLogStream', { logGroupName, logStreamName });
    await put().catch(ignoreRefusal);
  }
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ServiceError)) {
    throw error;
  }
}
