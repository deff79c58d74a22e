import {
  type AnnounceOutcome,
  type AnnounceRefusal,
  type AnnounceRequest,
  checkAnnouncement,
} from '../questions/announce';
import { fromFreeText } from '../questions/ticket';
import type { AttestationTools } from '../questions/tools';
import { attestationWords } from '../words';
import { checkedInTime, type SubmissionAnswer } from './answering';
import { announcementView, durationWords, memoryOf, type Submitted, typedIn, wordsView } from './forms';
import { type ClickBody, clicker } from './place';
import type { BotTools } from './tools';
import type { AnnouncementWork, Place, Somebody } from './work';

type Announcing = BotTools & { readonly attestation: AttestationTools };

/** A slash command, as Slack sends it. */
export interface CommandBody {
  readonly text?: string;
  readonly trigger_id: string;
  readonly user_id: string;
  readonly user_name?: string;
  readonly channel_id: string;
  readonly response_url?: string;
}

const units: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };
const usualSeconds = 3_600;

/** `2h OPS-12 restoring the backup`: how long (an hour unless it says so), the ticket by its pattern, the purpose. */
function readCommand(text: string, settings: AttestationTools['settings']) {
  const [, number, unit = '', rest = text] = /^(\d{1,4})\s?(m|h|d)\b\s*(.*)$/is.exec(text.trim()) ?? [];
  const seconds = number === undefined ? usualSeconds : Number(number) * (units[unit.toLowerCase()] ?? 0);
  return { seconds, ...fromFreeText(rest.trim(), settings.ticket) };
}

const aboutAnnouncing =
  'Uses of a privilege in this time are linked to what you say here, and you are not asked again.';

/** Opens the form to announce a use. Rejects with `DeliveryError`. */
export async function openAnnouncementForm(command: CommandBody, { attestation, slack }: Announcing): Promise<void> {
  const { ticket, longestAnnouncementSeconds, language } = attestation.settings;
  const view = announcementView({}, ticket, longestAnnouncementSeconds, {
    language,
    about: attestationWords({ language }).sentence(aboutAnnouncing),
  });
  await slack((client) => client.views.open({ trigger_id: command.trigger_id, view }));
}

interface Announced {
  readonly id: string;
  readonly by: Somebody;
  readonly purpose: string;
  readonly ticket?: string;
  readonly seconds: number;
  readonly at: Date;
  readonly place?: Place;
  readonly view?: string;
  readonly responseUrl?: string;
}

function workOf({ seconds, at, ...rest }: Announced): AnnouncementWork {
  const until = new Date(at.getTime() + seconds * 1_000);
  return { kind: 'announcement', ...rest, at: at.toISOString(), from: at.toISOString(), until: until.toISOString() };
}

/** A command with words in it, as the work that it is. */
export function commandWork(command: CommandBody, text: string, { attestation, now }: Announcing): AnnouncementWork {
  const { seconds, purpose, ticket } = readCommand(text, attestation.settings);
  const by = { id: command.user_id, name: command.user_name };
  const id = `command:${command.trigger_id}`;
  return workOf({ id, by, purpose, ticket, seconds, at: now(), responseUrl: command.response_url });
}

/** The form, submitted. */
export function announcementWork(body: ClickBody, view: Submitted, at: Date): AnnouncementWork {
  const { purpose, ticket, window: seconds = usualSeconds } = typedIn(view);
  const id = `view:${view.id}:${view.hash ?? ''}`;
  return workOf({ id, by: clicker(body), purpose, ticket, seconds, at, place: memoryOf(view).place, view: view.id });
}

/** The work as the core takes it. */
export function announceRequest(work: AnnouncementWork): AnnounceRequest {
  return {
    person: { slackUser: work.by.id },
    purpose: work.purpose,
    ticket: work.ticket,
    from: new Date(work.from),
    until: new Date(work.until),
    by: { slackUser: work.by.id, name: work.by.name },
    sourceId: work.id,
    at: new Date(work.at),
  };
}

/** What became of it, for whoever announced. */
export function announcedWords(outcome: AnnounceOutcome, language?: 'en' | 'ja'): string {
  const say = attestationWords({ language }).sentence;
  if (outcome.kind === 'refused') {
    return say(outcome.text);
  }
  const { from, until } = outcome.announcement;
  const seconds = (Date.parse(until) - Date.parse(from)) / 1_000;
  const day = until.slice(0, 16).replace('T', ' ');
  return say(
    `Announced, for ${say(durationWords(seconds))}: until ${day} UTC you are not asked. Root is always asked about.`,
  );
}

const moment = 'Your announcement is being recorded. You will be told in a moment.';

/** Why it is refused; `undefined` when the second function has it now, which tells whoever announced. */
async function refusedOrLeft(work: AnnouncementWork, tools: Announcing, left: () => number) {
  const checked = await checkedInTime(checkAnnouncement(announceRequest(work), tools.attestation), tools, left);
  if (checked?.kind === 'refused') {
    return checked;
  }
  await tools.later(work);
  return undefined;
}

/** Words for whoever typed the command. */
export async function announceByCommand(
  work: AnnouncementWork,
  tools: Announcing,
  left: () => number,
): Promise<string> {
  const refused = await refusedOrLeft(work, tools, left);
  return attestationWords(tools.settings).sentence(refused?.text ?? moment);
}

const fieldOf: Readonly<Record<AnnounceRefusal, string>> = {
  ticketMissing: 'ticket',
  ticketMalformed: 'ticket',
  ticketUnknown: 'ticket',
  noPurpose: 'purpose',
  unknownPerson: 'purpose',
  window: 'window',
};

/** Deals with the submitted form: it says what is wrong at once, and else that it is being recorded. */
export async function submitAnnouncement(
  work: AnnouncementWork,
  tools: Announcing,
  left: () => number,
): Promise<SubmissionAnswer> {
  const refused = await refusedOrLeft(work, tools, left);
  return refused === undefined
    ? { response_action: 'update', view: wordsView('Announce a use', moment, tools.settings.language) }
    : {
        response_action: 'errors',
        errors: { [fieldOf[refused.reason]]: attestationWords(tools.settings).sentence(refused.text).slice(0, 300) },
      };
}
