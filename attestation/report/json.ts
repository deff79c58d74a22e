import type { Report } from './report';

/** The report as plain data: uses with their entries, questions with every version of the answer, announcements. */
export function jsonOf(report: Report): string {
  const { from, to, created, head, verification, uses, questions, announcements } = report;
  return `${JSON.stringify(
    {
      version: 1,
      from,
      to,
      created,
      head,
      verified: verification.findings.length === 0,
      findings: verification.findings,
      uses: uses.map(({ number, use, accountName, status }) => ({ entry: number, ...use, accountName, status })),
      questions: questions.map(({ id, number, asked, called, answers, steps }) => {
        const { person, at, until } = asked;
        return { question: id, entry: number, person, at, until, called: called?.slackUser, answers, steps };
      }),
      announcements,
    },
    null,
    2,
  )}\n`;
}
