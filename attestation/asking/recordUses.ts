import { createHash } from 'node:crypto';
import type { Use } from '../people/use';
import { newQuestionId } from '../questions/question';
import type { AttestationTools } from '../questions/tools';
import { canonical } from '../record/canonical';
import type { AnnouncementContent, Content, QuestionContent, UseContent } from '../record/content';
import { record } from '../record/record';

/** What became of a use. */
export interface RecordedUse {
  readonly use: Use;
  /** The question that asks of it; absent where an announcement answers for it. */
  readonly question?: string;
  /** It is the use with which the question began: whoever handles it has to see that it is asked. */
  readonly first: boolean;
}

/** What a batch has decided so far, for those that follow in it. */
interface Draft {
  readonly contents: Content[];
  /** The newest question of each person. */
  readonly questions: Map<string, QuestionContent | undefined>;
}

/**
 * Records uses, all in one transaction: each joins the question that its person has in the window, is linked to an
 * announcement, or begins a new question. What was recorded before, as by a function that was killed afterwards, is
 * not recorded again.
 *
 * @throws RecordUnavailable, RecordBusy
 */
export async function recordUses(uses: readonly Use[], tools: AttestationTools): Promise<RecordedUse[]> {
  const ordered = [...uses].sort((one, other) => one.time.getTime() - other.time.getTime());
  const { result } = await record(tools, async () => {
    const draft: Draft = { contents: [], questions: new Map() };
    const recorded: RecordedUse[] = [];
    for (const use of ordered) {
      recorded.push(await place(use, draft, tools));
    }
    return { contents: draft.contents, result: recorded };
  });
  return result;
}

async function place(use: Use, draft: Draft, tools: AttestationTools): Promise<RecordedUse> {
  const began = questionIdOf(use);
  const earlier =
    draft.contents.find((content): content is UseContent => content.kind === 'use' && content.event === use.event) ??
    (await recordedUse(use, tools));
  if (earlier !== undefined) {
    return { use, question: earlier.question, first: earlier.question === began };
  }
  const announced = use.root ? undefined : await announcementFor(use, tools);
  if (announced !== undefined) {
    draft.contents.push(useContent(use, tools, { announcement: announced.announcement }));
    return { use, first: false };
  }
  const current = await questionFor(use, draft, tools);
  if (current !== undefined) {
    draft.contents.push(useContent(use, tools, { question: current.question }));
    return { use, question: current.question, first: false };
  }
  const question: QuestionContent = {
    kind: 'question',
    at: tools.now().toISOString(),
    question: began,
    person: use.person,
    until: new Date(use.time.getTime() + tools.settings.windowSeconds * 1_000).toISOString(),
    detection: use.mark,
    event: JSON.stringify(use.alert),
  };
  draft.questions.set(use.person.key, question);
  draft.contents.push(question, useContent(use, tools, { question: began }));
  return { use, question: began, first: true };
}

async function recordedUse(use: Use, { table }: AttestationTools): Promise<UseContent | undefined> {
  const [entry] = await table.under(`use:${use.event}`, 1);
  return entry?.content.kind === 'use' ? entry.content : undefined;
}

/** Announcements of one person that are looked at. */
const mostAnnouncements = 25;

async function announcementFor(use: Use, { table }: AttestationTools): Promise<AnnouncementContent | undefined> {
  const time = use.time.toISOString();
  const entries = await table.under(`announced:${use.person.key}`, mostAnnouncements);
  return entries
    .map(({ content }) => content)
    .find((content): content is AnnouncementContent => {
      return content.kind === 'announcement' && content.from <= time && time <= content.until;
    });
}

/** The question whose window the use falls into. Events come late and out of order: before it is as near as after it. */
async function questionFor(
  use: Use,
  draft: Draft,
  { table, settings }: AttestationTools,
): Promise<QuestionContent | undefined> {
  const { key } = use.person;
  if (!draft.questions.has(key)) {
    const [entry] = await table.under(`person:${key}`, 1);
    draft.questions.set(key, entry?.content.kind === 'question' ? entry.content : undefined);
  }
  const question = draft.questions.get(key);
  if (question === undefined) {
    return undefined;
  }
  const end = Date.parse(question.until);
  const time = use.time.getTime();
  return time <= end && time >= end - 2 * settings.windowSeconds * 1_000 ? question : undefined;
}

function useContent(
  { event, time, mark, person, account, region, role, by }: Use,
  { now }: AttestationTools,
  answeredBy: Pick<UseContent, 'question' | 'announcement'>,
): UseContent {
  return {
    kind: 'use',
    at: now().toISOString(),
    event,
    time: time.toISOString(),
    detection: mark.id,
    person,
    account,
    region,
    role,
    by,
    ...answeredBy,
  };
}

/** The id of the question that a use would begin: the same whenever it is handled. */
function questionIdOf({ person, event }: Use): string {
  return newQuestionId(
    createHash('sha256')
      .update(canonical([person.key, event]))
      .digest('hex'),
  );
}
