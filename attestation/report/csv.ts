import { csvText } from '../../organization/csvText';
import type { Report, ReportUse } from './report';
import { actorName } from './words';

const columns: readonly (readonly [string, (use: ReportUse) => string | number | undefined])[] = [
  ['entry', ({ number }) => number],
  ['time', ({ use }) => use.time],
  ['person', ({ use }) => use.person.email ?? use.person.name],
  ['account', ({ use }) => use.account],
  ['accountName', ({ accountName }) => accountName],
  ['region', ({ use }) => use.region],
  ['role', ({ use }) => use.role],
  ['by', ({ use }) => use.by],
  ['detection', ({ use }) => use.detection],
  ['eventId', ({ use }) => use.event],
  ['status', ({ status }) => status],
  ['purpose', ({ answer, announcement }) => (answer ?? announcement)?.purpose],
  ['ticket', ({ answer, announcement }) => (answer ?? announcement)?.ticket],
  ['ticketCheck', ({ answer, announcement }) => (answer ?? announcement)?.ticketCheck],
  ['answeredBy', ({ answer, announcement }) => (answer ?? announcement) && actorName((answer ?? announcement)?.by)],
  ['answeredAs', ({ answer }) => answer?.as],
  ['answeredAt', ({ answer, announcement }) => (answer ?? announcement)?.at],
  ['version', ({ answer }) => answer?.version],
  ['question', ({ use }) => use.question],
  ['askedAt', ({ question }) => question?.asked.at],
  ['reminders', ({ question }) => question?.steps.filter(({ kind }) => kind === 'reminder').length],
  ['escalatedAt', ({ question }) => question?.steps.find(({ kind }) => kind === 'escalation')?.at],
  ['announcement', ({ use }) => use.announcement],
];

/** A row for each use, with the answer that counts; earlier versions of answers are in JSON and HTML. */
export function csvOf({ uses }: Report): string {
  const rows = uses.map((use) => columns.map(([, value]) => String(value(use) ?? '')));
  return csvText([columns.map(([name]) => name), ...rows]);
}
