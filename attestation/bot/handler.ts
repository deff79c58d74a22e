import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { asDeliveryError, DeliveryError } from '../../notifier/transports/errors';
import { reasonOf } from './answering';
import { boltApp } from './app';
import { isFirst } from './once';
import { type Answer, FunctionUrlReceiver, plain } from './receiver';
import { type SignedRequest, signedRequest, toleratedSeconds } from './request';
import type { BotSettings } from './settings';
import { type BotTools, botTools } from './tools';

/** Slack waits three seconds, the way to and fro included. */
const milliseconds = 2_600;

interface Warm {
  readonly tools: BotTools;
  readonly receiver: FunctionUrlReceiver;
}

let warm: Promise<Warm> | undefined;
// While the function starts, which is before Slack's request is there.
start().catch(() => undefined);

/** Lambda entry behind the function URL: a request of Slack's → its answer, within three seconds. */
export async function handler(event: LambdaFunctionURLEvent): Promise<Answer> {
  const begun = performance.now();
  const { tools, receiver } = await start();
  const { table, now, log } = tools;
  const request = await verified(event, tools);
  // One answer for whatever is wrong: it tells nobody how far they came.
  if (request === undefined) {
    log('warning', 'bot.request.refused');
    return plain(401);
  }
  const key = `signature:${request.signature}`;
  try {
    if (!(await isFirst(table, key, 2 * toleratedSeconds, now()))) {
      log('warning', 'bot.request.repeated');
      return plain(401);
    }
    return await receiver.receive(request, () => milliseconds - (performance.now() - begun));
  } catch (error) {
    log('error', 'bot.request.failed', { reason: reasonOf(error) });
    // Slack tries again at once, with the same signature if it is still the same second.
    await table.put({ id: key, expiresAt: 0 }).catch(() => undefined);
    return plain(500);
  }
}

/** A changed signing secret is read anew, but not as often as strangers wish. */
const secondsBetweenReadings = 60;
let lastReading = 0;

async function verified(
  event: LambdaFunctionURLEvent,
  { settings, secrets, now }: BotTools,
): Promise<SignedRequest | undefined> {
  try {
    return await secrets.with(settings.slack.signingSecret, async (secret) => {
      const request = signedRequest(event, secret, now());
      if (request === undefined && now().getTime() - lastReading > secondsBetweenReadings * 1_000) {
        lastReading = now().getTime();
        throw new DeliveryError('revoked', 'signature');
      }
      return request;
    });
  } catch (error) {
    if (asDeliveryError(error)?.failure === 'revoked') {
      return undefined;
    }
    throw error;
  }
}

function start(): Promise<Warm> {
  warm ??= warmUp().catch((error: unknown) => {
    warm = undefined;
    throw error;
  });
  return warm;
}

async function warmUp(): Promise<Warm> {
  const settings = JSON.parse(await readFile(join(__dirname, 'settings.json'), 'utf8')) as BotSettings;
  const tools = botTools(settings);
  // Both secrets will be needed, and both take a call.
  const read = async () => undefined;
  await Promise.all([
    tools.secrets.with(settings.slack.signingSecret, read),
    tools.secrets.with(settings.slack.botToken, read).catch(() => undefined),
  ]);
  const receiver = new FunctionUrlReceiver();
  boltApp(receiver, tools);
  return { tools, receiver };
}
