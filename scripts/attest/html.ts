import { roleAsKnown } from '../../attestation/people/role';
import type { AnnouncementContent, AnswerContent } from '../../attestation/record/content';
import type { Report, ReportUse } from '../../attestation/report/report';
import { actorName, asWords, minute, ticketWords } from '../../attestation/report/words';
import { escaped, htmlPage } from '../views/htmlPage';
import { reportStyle } from './style';

/** The report as one page to be printed or filed: it needs nothing else, and runs nothing. */
export function htmlOf(report: Report): string {
  const title = `Use of privileges, ${minute(report.from)} to ${minute(report.to)} UTC`;
  const body = `<h1>Use of privileges</h1>
<p class="period">${minute(report.from)} to ${minute(report.to)} UTC</p>
${figures(report)}
${seal(report)}
<h2>Uses</h2>
${usesTable(report.uses)}
${announcementsSection(report.announcements)}
<footer>Written by Garrison on ${minute(report.created)} UTC from the record of the use of privileges. Times are in UTC.</footer>`;
  return htmlPage({ title, style: reportStyle, body });
}

function figures({ uses }: Report): string {
  const count = (status: ReportUse['status']) => uses.filter((use) => use.status === status).length;
  const people = new Set(uses.map(({ use }) => use.person.key)).size;
  const shown: readonly (readonly [number, string])[] = [
    [uses.length, uses.length === 1 ? 'use' : 'uses'],
    [people, people === 1 ? 'person' : 'people'],
    [count('answered'), 'answered'],
    [count('announced'), 'announced beforehand'],
    [count('open'), 'without an answer'],
  ];
  return `<div class="figures">${shown.map(([number, what]) => `<div><b>${number.toLocaleString('en')}</b><span>${what}</span></div>`).join('')}</div>`;
}

function seal({ head, verification: { findings, entries, anchors } }: Report): string {
  const end = `The record has ${entries.toLocaleString('en')} entries and ends with entry ${head.number}, <code>${escaped(head.hash)}</code>.`;
  if (findings.length === 0) {
    const compared = `Ends of it that were published elsewhere and agree: ${anchors.toLocaleString('en')}.`;
    return `<div class="seal"><b>Verified.</b> No entry was altered, removed, inserted or moved. ${end} ${compared}</div>`;
  }
  const items = findings.slice(0, 50).map(({ text }) => `<li>${escaped(text)}</li>`);
  const more = findings.length > 50 ? `<li>… and ${findings.length - 50} more</li>` : '';
  return `<div class="seal broken"><b>Not as it was written.</b> ${end}<ul>${items.join('')}${more}</ul></div>`;
}

function usesTable(uses: readonly ReportUse[]): string {
  if (uses.length === 0) {
    return '<p>None in this period.</p>';
  }
  const heads = ['Time', 'Person', 'Account', 'Role', 'Status', 'Purpose, ticket, and who answered', 'Entry'];
  const told = new Map<string, number>();
  const rows = uses.map((use) => {
    // Several uses share an answer: it stands with the first of them.
    const first = use.question && told.get(use.question.id);
    if (use.question && first === undefined) {
      told.set(use.question.id, use.number);
    }
    return useRow(use, first);
  });
  return `<table><thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

function useRow(
  { number, use, accountName, status, question, announcement }: ReportUse,
  first: number | undefined,
): string {
  const words =
    first === undefined
      ? [...answers(question?.answers ?? []), ...steps(question), announcement ? announcementWords(announcement) : '']
      : [`<span class="small">one question with entry ${first}</span>`];
  const cells = [
    `<td class="time">${minute(use.time)}</td>`,
    `<td class="name">${escaped(use.person.email ?? use.person.name)}</td>`,
    `<td>${escaped(accountName ?? '')}<br><code>${escaped(use.account)}</code></td>`,
    `<td class="name">${escaped(roleAsKnown(use.role ?? 'root'))}<br><span class="small">${escaped(use.by)}</span></td>`,
    `<td><span class="status ${status}">${status}</span></td>`,
    `<td class="words">${words.join('')}</td>`,
    `<td class="time">${number}</td>`,
  ];
  return `<tr>${cells.join('')}</tr>`;
}

/** The last version first: it counts. */
function answers(versions: readonly AnswerContent[]): string[] {
  return [...versions].reverse().map((answer, index) => {
    const as = asWords[answer.as] === '' ? '' : `, ${asWords[answer.as]}`;
    const version = versions.length > 1 ? `, version ${answer.version}${index === 0 ? '' : ' (replaced)'}` : '';
    const by = `${actorName(answer.by)}${as}, ${minute(answer.at)}${version}`;
    return `<div${index === 0 ? '' : ' class="version small"'}>${escaped(answer.purpose)}${ticket(answer)}<div class="small">${escaped(by)}</div></div>`;
  });
}

function ticket({ ticket: number, ticketCheck }: Pick<AnswerContent, 'ticket' | 'ticketCheck'>): string {
  if (number === undefined) {
    return '';
  }
  const check = ticketWords[ticketCheck] === '' ? '' : ` (${ticketWords[ticketCheck]})`;
  return `<br><b>${escaped(number)}</b>${escaped(check)}`;
}

function steps(question: ReportUse['question']): string[] {
  return (question?.steps ?? []).map(
    ({ kind, at }) => `<div class="small">${kind === 'reminder' ? 'reminded' : 'escalated'} ${minute(at)}</div>`,
  );
}

function announcementWords(announcement: AnnouncementContent): string {
  const by = `announced by ${actorName(announcement.by)}, ${minute(announcement.at)}`;
  return `<div>${escaped(announcement.purpose)}${ticket(announcement)}<div class="small">${escaped(by)}</div></div>`;
}

function announcementsSection(announcements: readonly AnnouncementContent[]): string {
  if (announcements.length === 0) {
    return '';
  }
  const rows = announcements.map(
    (one) =>
      `<tr><td class="time">${minute(one.from)}</td><td class="time">${minute(one.until)}</td><td class="name">${escaped(one.person.email ?? one.person.name)}</td><td class="words">${escaped(one.purpose)}${ticket(one)}</td><td class="name">${escaped(actorName(one.by))}</td></tr>`,
  );
  return `<h2>Announced beforehand</h2>
<table><thead><tr><th>From</th><th>Until</th><th>Person</th><th>Purpose and ticket</th><th>Announced by</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}
