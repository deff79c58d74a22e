import type { Command } from 'commander';
import pc from 'picocolors';
import { GarrisonError } from '../../organization/errors';
import { callerSession } from '../../organization/sessions';
import type { Answer } from '../../responders/ask';
import { responders } from '../../responders/catalog';
import { sender } from '../../responders/send';
import type { RespondingSettings } from '../../responders/settings';
import { type Trial, tryEvent } from '../../responders/trial';
import { readTrigger, type Trigger } from '../../responders/trigger';
import { respondingSettings } from '../../stacks/responders/settings';
import type { Io } from '../io';
import { readEvents } from '../notifier/readEvents';
import { type CommonOptions, withCommonOptions } from '../options';
import { type Files, loadFiles } from '../rollout/files';
import { askFunction, type Operator, openOperator } from './function';
import { messagesOf } from './marks';

interface TryOptions extends CommonOptions {
  readonly strategy?: string;
}

const help = `
The account's state is read, and nothing is changed. Who reads:
  credentials of the event's own account      the command itself, with them
  credentials of the security account         the function garrison-responder, as it would when the event came
EVENT is a file: a CloudTrail record, an event of EventBridge, a finding, or lists of them; - for standard input.
`;

/** `garrison responders try`: a dry run. */
export function registerTry(command: Command, io: Io): void {
  const own = command
    .command('try <event...>')
    .description('What would be decided about an event and which calls would be made. Changes nothing.')
    .option('--strategy <name>', 'as if this strategy were set, such as revoke')
    .addHelpText('after', help);
  withCommonOptions(own).action((events: string[], options: TryOptions) => tryEvents(events, options, io));
}

async function tryEvents(files: readonly string[], options: TryOptions, io: Io): Promise<void> {
  refuseUnknown(options.strategy);
  const loaded = loadFiles(options);
  const settings = forTrial(respondingSettings(loaded.config, loaded.accounts));
  const found = await readEvents(files, io.stdin);
  const messages = found.flatMap(({ event }) => messagesOf(event, loaded.config, loaded.accounts));
  const trials: Trial[] = [];
  const reader = await openReader(loaded, settings, options);
  for (const message of messages) {
    const trigger = readTrigger(message, settings.partition);
    trials.push(...(trigger === undefined ? [] : await reader(trigger, message)));
  }
  io.stdout.write(options.json ? `${JSON.stringify({ ok: true, trials })}\n` : text(trials));
  io.setExitCode(trials.some(({ decision }) => decision === 'unknown') ? 1 : 0);
}

/** @throws GarrisonError `responder.strategy` */
function refuseUnknown(strategy: string | undefined): void {
  const known = ['notify', ...new Set(responders.flatMap(({ strategies }) => Object.keys(strategies)))];
  if (strategy !== undefined && !known.includes(strategy)) {
    throw new GarrisonError(
      'responder.strategy',
      `no responder knows the strategy ${strategy}`,
      `Known: ${known.join(', ')}.`,
    );
  }
}

/** Tried before it is switched on: where no responder is, all are. */
function forTrial(settings: RespondingSettings): RespondingSettings {
  return settings.enabled.length > 0
    ? settings
    : { ...settings, enabled: responders.map(({ id }) => id) as unknown as RespondingSettings['enabled'] };
}

type Reader = (trigger: Trigger, message: unknown) => Promise<readonly Trial[]>;

async function openReader({ config }: Files, settings: RespondingSettings, options: TryOptions): Promise<Reader> {
  const caller = await callerSession(config.homeRegion);
  let operator: Operator | undefined;
  const isTrials = (answer: Answer): answer is { trials: readonly Trial[] } => 'trials' in answer;
  return async (trigger, message) => {
    const { accountId } = trigger.place;
    if (accountId === caller.accountId) {
      return tryEvent(trigger, settings, () => sender(), { now: new Date(), strategy: options.strategy });
    }
    if (caller.accountId !== config.securityAccount) {
      throw new GarrisonError(
        'credentials.account',
        `the event is of account ${accountId}, these credentials of ${caller.accountId}`,
        `Choose credentials of ${accountId}, or of the security account ${config.securityAccount}.`,
        { accountId: caller.accountId },
      );
    }
    operator ??= await openOperator(config);
    const asked = { try: { event: message, strategy: options.strategy } };
    return (await askFunction(asked, operator, isTrials)).trials;
  };
}

function text(trials: readonly Trial[]): string {
  return trials.length === 0
    ? 'No responder answers to this.\n'
    : `${trials.map((trial) => linesOf(trial).join('\n')).join('\n\n')}\n\nNothing was changed.\n`;
}

function linesOf(trial: Trial): string[] {
  const { responder, target, place, treatment, decision, reasons, advice, calls, undo, failure } = trial;
  const asks = treatment.approval && decision === 'act' ? ', after a person has approved' : '';
  const list = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : [title, ...items.map((item) => `    ${item}`)];
  const call = ({ does, service, operation, region, input }: Trial['calls'][number]) =>
    `${pc.cyan(`${service}:${operation}`)} ${region} ${JSON.stringify(input)}\n      ${does}`;
  return [
    `${pc.bold(responder)}  ${target.kind} ${target.resource} in ${place.accountId}, ${place.region}`,
    `  decision: ${pc.bold(decision)} (strategy ${treatment.strategy}${asks})`,
    ...list('  because', reasons),
    ...list('  to do', advice),
    ...list('  would call', calls.map(call)),
    ...list('  to undo it', undo.map(call)),
    ...(failure ? [`  could not look: ${failure.call ?? ''} ${failure.code}: ${failure.message}`] : []),
  ];
}
