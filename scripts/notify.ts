import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import { markInLanguage } from '../detections/mark';
import type { Alert, Ignored } from '../notifier/alert';
import { parseEvent } from '../notifier/events/parse';
import type { MessageContext } from '../notifier/message/context';
import type { SlackMessage } from '../notifier/message/slack';
import * as more from '../notifier/more';
import type { DetectionMark } from '../notifier/queue';
import { type Decision, decide } from '../notifier/routes';
import { GarrisonError } from '../organization/errors';
import type { Io } from './io';
import { previewContext } from './notifier/context';
import { type Payload, payloadsOf } from './notifier/payloads';
import { type FoundEvent, readEvents } from './notifier/readEvents';
import { sendAlerts } from './notifier/send';
import { notSent } from './notifier/words';
import { type CommonOptions, withCommonOptions } from './options';
import { slackPage } from './views/slackPage';
import { slackTerminal } from './views/slackTerminal';

interface PreviewOptions extends CommonOptions {
  readonly html?: string;
  readonly send: boolean;
  readonly routed: boolean;
  readonly language?: string;
}

/** One event and what the notifier makes of it. */
interface Preview {
  readonly place: string;
  readonly alert: Alert;
  readonly decision: Decision;
  readonly payloads: readonly Payload[];
}

/** `garrison notify preview`: what the notifier would post, before it is deployed. */
export function register(program: Command, io: Io): void {
  const notify = program.command('notify').description('The notifier: see what it makes of events.');
  const command = notify
    .command('preview')
    .description('Render events as the notifier would post them: findings, EventBridge events, CloudTrail records.')
    .argument(
      '[events...]',
      'files of events (JSON, JSON lines, GetFindings output); standard input when none is named',
    );
  withCommonOptions(command)
    .option('--html <file>', 'write a page that shows the messages as Slack would')
    .option('--send', 'post them to the configured destinations', false)
    .option('--routed', 'leave out what the routes would not send', false)
    .option('--language <language>', 'en or ja in place of the configured one')
    .action((files: string[], options: PreviewOptions) => preview(files, options, command, io));
}

async function preview(files: readonly string[], options: PreviewOptions, command: Command, io: Io): Promise<void> {
  const context = previewContext(command, languageOf(options.language));
  const { previews, unread } = await previewsOf(await readEvents(files, io.stdin), options, context, io);
  if (unread > 0 && previews.length === 0) {
    const remedy = 'Give EventBridge events, GuardDuty findings or CloudTrail records.';
    throw new GarrisonError('preview.nothing', 'Nothing of what was given is an event that becomes a message.', remedy);
  }
  if (options.html !== undefined) {
    await writePage(options.html, previews, context);
  }
  if (options.json) {
    for (const payload of previews.flatMap(({ payloads }) => payloads)) {
      io.stdout.write(`${JSON.stringify(payload.body)}\n`);
    }
  } else if (options.html === undefined) {
    io.stdout.write(previews.map((entry) => terminalText(entry, io)).join('\n'));
  }
  if (options.html !== undefined) {
    io.stderr.write(`${previews.length} messages in ${options.html}\n`);
  }
  if (options.send) {
    await sendAlerts(previews, context, io);
  }
}

/** A detection's event says its title in the language in which the rollout would have written it. */
function inLanguageOf({ settings }: MessageContext, event: unknown): unknown {
  const { detection } = (event ?? {}) as { detection?: DetectionMark };
  return typeof detection?.id !== 'string'
    ? event
    : { ...(event as object), detection: markInLanguage(detection, settings.language) };
}

async function previewsOf(
  events: readonly FoundEvent[],
  options: PreviewOptions,
  context: MessageContext,
  io: Io,
): Promise<{ readonly previews: Preview[]; readonly unread: number }> {
  const previews: Preview[] = [];
  let unread = 0;
  for (const { place, event } of events) {
    const alert = parseEvent(inLanguageOf(context, event), () => more);
    if ('ignored' in alert) {
      io.stderr.write(`${pc.dim(`${place}: no message: ${reasons[alert.ignored]}`)}\n`);
      unread += alert.ignored === 'noEvent' ? 1 : 0;
      continue;
    }
    const decision = decide(alert, context, new Date());
    if (decision.kind !== 'send') {
      io.stderr.write(`${pc.dim(`${place}: ${notSent(decision)}`)}\n`);
    }
    if (decision.kind === 'send' || !options.routed) {
      previews.push({ place, alert, decision, payloads: await payloadsOf(alert, decision, context) });
    }
  }
  return { previews, unread };
}

const reasons: Readonly<Record<Ignored['ignored'], string>> = {
  archived: 'the finding is archived',
  noEvent: 'it is neither an EventBridge event nor a finding nor a CloudTrail record',
  notAFinding: 'it comes from GuardDuty and is no finding',
  sample: 'it is a sample',
  selfTest: "it is the notifier's own test",
};

async function writePage(file: string, previews: readonly Preview[], context: MessageContext): Promise<void> {
  const shown = previews.flatMap(({ payloads, place }) =>
    payloads.filter(isSlack).map(({ body, destination }) => ({ message: body as SlackMessage, place, destination })),
  );
  try {
    await writeFile(file, slackPage(shown, context.settings.language));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unwritable';
    throw new GarrisonError(
      'preview.unwritable',
      `${file}: cannot be written (${reason})`,
      'Give another --html file.',
      { file },
      { cause },
    );
  }
}

function terminalText({ place, payloads }: Preview, io: Io): string {
  const width = Math.min(Math.max(io.stdout.columns ?? 100, 40), 120);
  return payloads
    .map((payload) =>
      isSlack(payload)
        ? slackTerminal(payload.body as SlackMessage, { width, place })
        : `${pc.dim(`${place} → ${payload.destination} (${payload.type})`)}\n${JSON.stringify(payload.body, null, 2)}\n`,
    )
    .join('\n');
}

function isSlack({ type }: Payload): boolean {
  return type === 'slack-webhook' || type === 'slack-bot';
}

function languageOf(language: string | undefined): 'en' | 'ja' | undefined {
  if (language === undefined || language === 'en' || language === 'ja') {
    return language;
  }
  throw new GarrisonError('preview.language', `There is no language ${language}.`, 'Give --language en or ja.');
}
