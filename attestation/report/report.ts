import { answerOf, type Question, questionsFrom } from '../questions/question';
import type { Entry, Link } from '../record/chain';
import type { AnnouncementContent, AnswerContent, UseContent } from '../record/content';
import type { Verification } from '../record/verify';

/** A use with the answer that counts for it. */
export interface ReportUse {
  /** Of its entry. */
  readonly number: number;
  readonly use: UseContent;
  readonly accountName?: string;
  readonly status: 'answered' | 'open' | 'announced';
  readonly answer?: AnswerContent;
  readonly announcement?: AnnouncementContent;
  readonly question?: Question;
}

/** What the record says of a period. */
export interface Report {
  /** ISO 8601; `to` does not belong to it. */
  readonly from: string;
  readonly to: string;
  readonly created: string;
  readonly head: Link;
  readonly verification: Verification;
  /** Uses in the period, the first first. */
  readonly uses: readonly ReportUse[];
  /** Questions of these uses, with all versions of their answers. */
  readonly questions: readonly Question[];
  /** Announcements of these uses, and those whose window touches the period. */
  readonly announcements: readonly AnnouncementContent[];
}

interface Period {
  readonly from: Date;
  readonly to: Date;
  readonly now: Date;
  readonly accounts: readonly { readonly id: string; readonly name?: string }[];
  readonly verification: Verification;
}

/** The report of a period, from all entries of the record. Pure. */
export function reportOf(entries: readonly Entry[], { from, to, now, accounts, verification }: Period): Report {
  const questions = new Map(questionsFrom(entries).map((question) => [question.id, question]));
  const announcements = new Map(
    entries.flatMap(({ content }): [string, AnnouncementContent][] =>
      content.kind === 'announcement' ? [[content.announcement, content]] : [],
    ),
  );
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  const inside = (time: string) => Date.parse(time) >= from.getTime() && Date.parse(time) < to.getTime();
  const uses = entries.flatMap(({ number, content }): ReportUse[] => {
    if (content.kind !== 'use' || !inside(content.time)) {
      return [];
    }
    const question = content.question === undefined ? undefined : questions.get(content.question);
    const announcement = content.announcement === undefined ? undefined : announcements.get(content.announcement);
    const answer = question && answerOf(question);
    const status = announcement ? 'announced' : answer ? 'answered' : 'open';
    return [{ number, use: content, accountName: names.get(content.account), status, question, answer, announcement }];
  });
  const asked = new Set(uses.map(({ use }) => use.question));
  const announced = new Set(uses.map(({ use }) => use.announcement));
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    created: now.toISOString(),
    head: verification.head,
    verification,
    uses: uses.sort((one, other) => one.use.time.localeCompare(other.use.time) || one.number - other.number),
    questions: [...questions.values()].filter(({ id }) => asked.has(id)),
    announcements: [...announcements.values()].filter(
      (one) =>
        announced.has(one.announcement) ||
        (Date.parse(one.from) < to.getTime() && Date.parse(one.until) >= from.getTime()),
    ),
  };
}
