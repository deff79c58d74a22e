import type { SectionBlock } from '@slack/types';
import type { Alert, Fact, RemoteEnd, Subject } from '../alert';
import { type Catalog, type LabelName, say } from './catalog';
import { factInWords, kindInWords, label, type MessageContext } from './context';
import { code, mrkdwn, oneLine } from './escape';
import { limits } from './limits';
import { markdown } from './slack';
import { slackDate } from './time';

/** Characters of one field's value, after escaping; ten of them have to leave room for the rest of the message. */
const longestValue = 320;
const mostSubjects = 3;

/** Who, where, what, when: in two columns. */
export function alertFields(alert: Alert, context: MessageContext): SectionBlock[] {
  const { catalog, account } = context;
  const { name, ou } = account(alert.accountId);
  const rows: readonly (readonly [LabelName, string])[] = [
    ['account', accountValue(alert.accountId, name, catalog)],
    ['severity', severityValue(alert, catalog)],
    ['region', code(alert.region, 64)],
    ['organizationalUnit', ou === undefined ? '' : mrkdwn(oneLine(ou), 200)],
    ['resource', subjectsValue(alert.resources, catalog)],
    ['actor', alert.actor === undefined ? '' : subjectValue(alert.actor, catalog, longestValue)],
    ['action', actionValue(alert, catalog)],
    ['remote', alert.remote === undefined ? '' : remoteValue(alert.remote)],
    ['seen', seenValue(alert)],
    ['count', alert.count === undefined ? '' : alert.count.toLocaleString('en-US')],
  ];
  const fields = rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => markdown(`*${label(name, catalog)}*\n${value}`));
  return fields.length === 0 ? [] : [{ type: 'section', fields: fields.slice(0, limits.sectionFields) }];
}

/** One line for each fact: `label: value`. Lines that find no room are counted. */
export function factLines(facts: readonly Fact[], catalog: Catalog, longest: number): string {
  const lines = facts.map(({ name, value }) => `${factInWords(name, catalog)}: ${code(value, 260)}`);
  const shown: string[] = [];
  for (const line of lines) {
    if ([...shown, line].join('\n').length > longest - 40) {
      return [...shown, say(catalog, 'more', { count: lines.length - shown.length })].join('\n');
    }
    shown.push(line);
  }
  return shown.join('\n');
}

function accountValue(id: string, name: string | undefined, catalog: Catalog): string {
  const called = name === undefined ? `_${say(catalog, 'unknownAccount')}_` : `*${mrkdwn(oneLine(name), 100)}*`;
  return `${called}\n${code(id, 24)}`;
}

function severityValue(alert: Alert, catalog: Catalog): string {
  const number = alert.severity === undefined ? '' : ` (${alert.severity})`;
  return `*${catalog.severity[alert.band]}*${number}`;
}

function subjectsValue(subjects: readonly Subject[], catalog: Catalog): string {
  const shown = subjects.slice(0, mostSubjects);
  const room = Math.floor(longestValue / Math.max(shown.length, 1));
  const lines = shown.map((subject) => subjectValue(subject, catalog, room));
  return subjects.length > shown.length
    ? [...lines, say(catalog, 'more', { count: subjects.length - shown.length })].join('\n')
    : lines.join('\n');
}

function subjectValue(subject: Subject, catalog: Catalog, longest: number): string {
  const kind = mrkdwn(oneLine(kindInWords(subject.kind, catalog)), 60);
  const line =
    subject.kind === 'Root'
      ? kind
      : [kind, code(subject.name, Math.min(longest - kind.length - 1, 140))].filter(Boolean).join(' ');
  const details = subject.facts.map(({ name, value }) => `${factInWords(name, catalog)} ${code(value, 70)}`);
  return details.reduce((text, detail) => {
    const longer = `${text}\n${detail}`;
    return longer.length > longest ? text : longer;
  }, line);
}

function actionValue({ action }: Alert, catalog: Catalog): string {
  if (action === undefined) {
    return '';
  }
  const outcome = [
    action.blocked === true ? say(catalog, 'blocked') : '',
    action.error === undefined ? '' : mrkdwn(oneLine(say(catalog, 'refusedWith', { error: action.error })), 100),
  ].filter(Boolean);
  return [code(action.text, 200), ...outcome].join('\n');
}

function remoteValue(remote: RemoteEnd): string {
  const place = [remote.city, remote.country].filter(Boolean).join(', ');
  const system =
    remote.autonomousSystem === undefined || remote.autonomousSystem === '-1' ? '' : `AS${remote.autonomousSystem}`;
  const network = [remote.network, system].filter(Boolean).join(' ');
  const lines = [place, network, remote.port].filter((line): line is string => Boolean(line));
  return [code(remote.address, 120), ...lines.map((line) => mrkdwn(oneLine(line), 64))].join('\n');
}

function seenValue({ firstSeen, lastSeen }: Alert): string {
  const dates = [firstSeen, lastSeen].filter((date): date is Date => date !== undefined);
  const distinct = dates.filter((date, index) => index === 0 || date.getTime() !== dates[0]?.getTime());
  return distinct.map(slackDate).join(' –\n');
}
