import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import type { Answer } from './receiver';
import { slackResponder } from './respond';
import type { BotSettings } from './settings';
import { botTools } from './tools';

type Responder = ReturnType<typeof slackResponder>;

let warm: Promise<Responder> | undefined;
// While the function starts, which is before Slack's request is there.
start().catch(() => undefined);

/** Lambda entry behind the function URL: a request of Slack's → its answer, within three seconds. */
export async function handler(event: LambdaFunctionURLEvent): Promise<Answer> {
  return (await start())(event);
}

function start(): Promise<Responder> {
  warm ??= warmUp().catch((error: unknown) => {
    warm = undefined;
    throw error;
  });
  return warm;
}

async function warmUp(): Promise<Responder> {
  const settings = JSON.parse(await readFile(join(__dirname, 'settings.json'), 'utf8')) as BotSettings;
  const tools = botTools(settings);
  const responder = slackResponder(tools);
  // Both secrets will be needed, and both take a call.
  const read = async () => undefined;
  await Promise.all([
    tools.secrets.with(settings.slack.signingSecret, read),
    tools.secrets.with(settings.slack.botToken, read).catch(() => undefined),
  ]);
  return responder;
}
