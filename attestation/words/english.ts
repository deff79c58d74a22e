import type { AttestationWords } from './index';

const standings = { person: '', substitute: ', in their place', anybody: ', whom nobody had named' } as const;

export const english: AttestationWords = {
  rootUser: 'the root user',
  somebody: 'somebody',
  wanted: 'What was it for?',
  wantedWithTicket: 'What was it for, and which ticket?',
  purpose: 'Purpose',
  ticket: 'Ticket',
  hint: (until) => `Answer with the button, or here in the thread. Uses until ${until} belong to this question.`,
  used: ({ who, role, place, time, by, from }) =>
    `${`${who} used ${role} in ${place}`.trim()}${by === undefined ? '' : ` by ${by}`} at ${time}${origin(from)}.`,
  rootUsed: ({ role, place, time, from }) => `root user of ${place}: ${role} at ${time}${origin(from)}.`,
  listed: (time, role, place) => `${time} ${role} in ${place}`,
  uses: (count) => `${count} uses`,
  more: (count) => `… and ${count} more`,
  reminder: (whom, what, uses) => `${whom} still without an answer: ${what}${uses > 1 ? ` (${uses} uses)` : ''}`,
  escalation: (whom, asked, at) => `${whom} :rotating_light: *Nobody has answered* for ${asked}, asked ${at}:`,
  answered: (asked, by, as) => `${asked}: answered by ${by}${standings[as]}`,
  version: (number) => ` (version ${number})`,
  ticketCheck: (check) => (check === 'confirmed' ? ' (confirmed)' : ' (could not be confirmed)'),
  summary: ({ day, since, uses, questions, answers, open, end }) =>
    [
      `*Use of privileges, ${day}*: since entry ${since} uses ${uses}, questions ${questions},`,
      `answers ${answers}, open ${open} (\`garrison attest pending\`). The record ends with \`${end}\``,
    ].join(' '),
  decided: (action, whom) => `${action === 'approve' ? 'Approved' : 'Declined'} by ${whom}`,
  sentence: (written) => written,
};

function origin(from: string | undefined): string {
  return from === undefined ? '' : ` from ${from}`;
}
