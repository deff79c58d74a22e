import type { Command } from 'commander';
import pc from 'picocolors';
import type { Alert } from '../notifier/alert';
import { parseEvent } from '../notifier/events/parse';
import type { MessageContext } from '../notifier/message/context';
import { oneLine } from '../notifier/message/escape';
import * as more from '../notifier/more';
import { type Decision, decide, explain, type RouteVerdict } from '../notifier/routes';
import { GarrisonError } from '../organization/errors';
import type { Io } from './io';
import { previewContext } from './notifier/context';
import { readEvents } from './notifier/readEvents';
import { notSent } from './notifier/words';
import { type CommonOptions, withCommonOptions } from './options';

/** One event's way through the routes, as `--json` prints it. */
interface Explanation {
  readonly place: string;
  readonly alert: Pick<Alert, 'type' | 'band' | 'severity' | 'accountId' | 'region'>;
  readonly decision: Decision;
  readonly routes: readonly RouteVerdict[];
}

/** `garrison routes explain`: which route takes an event, and why the ones before it do not. */
export function register(program: Command, io: Io): void {
  const routes = program.command('routes').description('The routes of alerts: who is told of what.');
  const command = routes
    .command('explain')
    .description('Which route takes an event, and why not the ones before it.')
    .argument('[events...]', 'files of events; standard input when none is named');
  withCommonOptions(command).action(async (files: string[], options: CommonOptions) => {
    const context = previewContext(command);
    const explanations: Explanation[] = [];
    for (const { place, event } of await readEvents(files, io.stdin)) {
      const alert = parseEvent(event, () => more);
      if ('ignored' in alert) {
        const remedy = 'Give an EventBridge event, a GuardDuty finding that is not archived, or a CloudTrail record.';
        throw new GarrisonError('routes.noAlert', `${place}: becomes no alert (${alert.ignored})`, remedy);
      }
      explanations.push(explained(place, alert, context));
    }
    for (const explanation of explanations) {
      io.stdout.write(options.json ? `${JSON.stringify(explanation)}\n` : explanationText(explanation));
    }
  });
}

function explained(place: string, alert: Alert, context: MessageContext): Explanation {
  const now = new Date();
  const { type, band, severity, accountId, region } = alert;
  return {
    place,
    alert: { type, band, severity, accountId, region },
    decision: decide(alert, context, now),
    routes: explain(alert, context, now),
  };
}

function explanationText({ place, alert, decision, routes }: Explanation): string {
  const number = alert.severity === undefined ? '' : ` ${alert.severity}`;
  const head = `${pc.bold(oneLine(alert.type))}  ${alert.band}${number}  ${oneLine(alert.accountId)}  ${oneLine(alert.region)}`;
  const lines = routes.map((verdict) => `  ${marks[verdict.verdict]} ${verdict.route}${pc.dim(reason(verdict))}`);
  return [pc.dim(place), head, ...lines, `  ${pc.bold('→')} ${outcome(decision)}`, '', ''].join('\n');
}

const marks: Readonly<Record<RouteVerdict['verdict'], string>> = {
  matches: pc.green('●'),
  differs: pc.dim('○'),
  expired: pc.yellow('○'),
  notReached: pc.dim('·'),
};

function reason({ verdict, differs }: RouteVerdict): string {
  switch (verdict) {
    case 'matches':
      return '  matches';
    case 'differs': {
      const found = differs?.found ? oneLine(differs.found) : 'nothing';
      return `  ${differs?.member} is ${found}, wanted ${differs?.wanted.join(' or ')}`;
    }
    case 'expired':
      return '  matches, but the silence has run out';
    case 'notReached':
      return '  not reached';
  }
}

function outcome(decision: Decision): string {
  if (decision.kind !== 'send') {
    return notSent(decision);
  }
  const channel = decision.channel === undefined ? '' : ` in ${decision.channel}`;
  const mention = decision.mention === 'none' ? 'nobody' : decision.mention;
  const because = decision.route === undefined ? 'no route matches: the default' : `route "${decision.route}"`;
  return `${decision.destinations.join(', ')}${channel}, mentioning ${mention} (${because})`;
}
