import type { EventBridgeEvent } from '../../notifier/queue';
import type { Entry } from '../record/chain';
import type { AnswerContent, AskedContent, QuestionContent, StepContent } from '../record/content';
import type { RecordTable } from '../record/table';

/** A question with all that became of it. */
export interface Question {
  readonly id: string;
  /** Number of the entry with which it began. */
  readonly number: number;
  readonly asked: AskedQuestion;
  /** Whom it called in Slack; absent before it was asked. */
  readonly called?: AskedContent;
  /** Versions, the first first. The last one counts. */
  readonly answers: readonly AnswerContent[];
  readonly steps: readonly StepContent[];
}

/** A question as it was put, with its alert's event. */
export type AskedQuestion = Omit<QuestionContent, 'event'> & { readonly event: EventBridgeEvent };

/** Questions, from entries of the record in any order; entries of questions that did not begin there are left out. */
export function questionsFrom(entries: readonly Entry[]): Question[] {
  const ordered = [...entries].sort((one, other) => one.number - other.number);
  const questions = new Map<string, Question>();
  for (const { number, content } of ordered) {
    if (content.kind === 'question') {
      const asked = { ...content, event: eventOf(content) };
      questions.set(content.question, { id: content.question, number, asked, answers: [], steps: [] });
      continue;
    }
    const question = 'question' in content && content.question !== undefined && questions.get(content.question);
    if (!question) {
      continue;
    }
    switch (content.kind) {
      case 'asked':
        questions.set(question.id, { ...question, called: content });
        break;
      case 'answer':
        questions.set(question.id, { ...question, answers: [...question.answers, content] });
        break;
      case 'reminder':
      case 'escalation':
        questions.set(question.id, { ...question, steps: [...question.steps, content] });
        break;
      case 'use':
        break;
    }
  }
  return [...questions.values()];
}

/** Damage to the record must not keep a question from being answered: `garrison attest verify` tells of it. */
function eventOf({ event }: QuestionContent): EventBridgeEvent {
  try {
    return JSON.parse(event) as EventBridgeEvent;
  } catch {
    return { source: 'garrison.attestation', 'detail-type': 'unknown', detail: {} };
  }
}

/** A question by its id; `undefined` when there is none. */
export async function questionById(table: RecordTable, id: string): Promise<Question | undefined> {
  return questionsFrom(await table.under(`question:${id}`))[0];
}

/** The answer that counts. */
export function answerOf(question: Question): AnswerContent | undefined {
  return question.answers.at(-1);
}

const prefix = 'attest-';

/** Ids of follow-ups begin with the question's; a colon sets apart what it is: `attest-…:reminder-1`. */
export function questionIdOf(followUp: string): string | undefined {
  return followUp.startsWith(prefix) ? followUp.split(':')[0] : undefined;
}

/** A question's id, from what makes it one. */
export function newQuestionId(digest: string): string {
  return `${prefix}${digest.slice(0, 20)}`;
}
