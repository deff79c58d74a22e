import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { asDeliveryError, DeliveryError } from '../../notifier/transports/errors';
import { reasonOf } from './answering';
import { boltApp } from './app';
import { late, within } from './budget';
import { isFirst } from './once';
import { type Answer, FunctionUrlReceiver, plain } from './receiver';
import { type SignedRequest, signedRequest, toleratedSeconds } from './request';
import type { BotTools } from './tools';

/** Slack waits three seconds, the way to and fro included. */
const enough = 2_600;

/** Milliseconds for the bot's own table: what cannot be remembered is not done. */
const rememberMilliseconds = 1_200;

/** Answers requests to the function URL, each within so many milliseconds: one for each warm function. */
export function slackResponder(
  tools: BotTools,
  milliseconds = enough,
): (event: LambdaFunctionURLEvent) => Promise<Answer> {
  const receiver = new FunctionUrlReceiver();
  boltApp(receiver, tools);
  const verified = verifier(tools);
  const { table, now, log } = tools;
  return async (event) => {
    const begun = performance.now();
    if (isCertificateCheck(event)) {
      return plain(200);
    }
    const request = await verified(event);
    // One answer for whatever is wrong: it tells nobody how far they came.
    if (request === undefined) {
      log('warning', 'bot.request.refused');
      return plain(401);
    }
    const key = `signature:${request.signature}`;
    try {
      const first = await within(rememberMilliseconds, isFirst(table, key, 2 * toleratedSeconds, now()));
      if (first === late) {
        log('error', 'bot.request.failed', { reason: 'TableSilent' });
        return plain(500);
      }
      if (!first) {
        log('warning', 'bot.request.repeated');
        return plain(401);
      }
      return await receiver.receive(request, () => milliseconds - (performance.now() - begun));
    } catch (error) {
      log('error', 'bot.request.failed', { reason: reasonOf(error) });
      // Slack tries again at once, with the same signature if it is still the same second.
      await within(rememberMilliseconds, table.put({ id: key, expiresAt: 0 })).catch(() => undefined);
      return plain(500);
    }
  };
}

/** Now and then Slack looks, unsigned, whether the certificate of a command's URL is good, and wants a 200. */
function isCertificateCheck({ requestContext, queryStringParameters }: LambdaFunctionURLEvent): boolean {
  return requestContext?.http?.method === 'GET' && queryStringParameters?.ssl_check === '1';
}

/** A changed signing secret is read anew, but not as often as strangers wish. */
const secondsBetweenReadings = 60;

function verifier({ settings, secrets, now }: BotTools) {
  let lastReading = 0;
  return async (event: LambdaFunctionURLEvent): Promise<SignedRequest | undefined> => {
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
  };
}
