import type { Question } from '../questions/question';
import type { AttestationSettings } from '../settings';

/** What is due for a question. */
export type Due = { readonly kind: 'ask' } | { readonly kind: 'reminder' | 'escalation'; readonly step: string };

/** A question that was recorded and not asked for so long was forgotten by whoever should have asked. */
const forgottenSeconds = 600;

type Times = Pick<AttestationSettings, 'reminders' | 'escalation'>;

/**
 * What is due for a question at a time: after an outage the latest step only, so that nobody is reminded twice at once.
 */
export function dueOf(question: Question, now: Date, times: Times): Due | undefined {
  if (question.answers.length > 0) {
    return undefined;
  }
  const age = (now.getTime() - Date.parse(question.asked.at)) / 1_000;
  if (question.called === undefined) {
    return age >= forgottenSeconds ? { kind: 'ask' } : undefined;
  }
  const steps = stepsOf(times);
  const done = Math.max(-1, ...question.steps.map(({ step }) => steps.findIndex((one) => one.step === step)));
  const due = steps.filter(({ after }, index) => index > done && age >= after).at(-1);
  return due && { kind: due.kind, step: due.step };
}

/** True when the timer has nothing more to do with a question, ever. */
export function isOver(question: Question, times: Times): boolean {
  const last = stepsOf(times).at(-1);
  return question.answers.length > 0 || (last !== undefined && question.steps.some(({ step }) => step === last.step));
}

interface Step {
  readonly kind: 'reminder' | 'escalation';
  readonly step: string;
  readonly after: number;
}

function stepsOf({ reminders, escalation }: Times): readonly Step[] {
  return [
    ...reminders.map((after, index): Step => ({ kind: 'reminder', step: `reminder-${index + 1}`, after })),
    ...(escalation === undefined
      ? []
      : [{ kind: 'escalation' as const, step: 'escalation', after: escalation.afterSeconds }]),
  ];
}
