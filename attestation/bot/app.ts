import { App, type Logger } from '@slack/bolt';
import { jsonAction, silenceAction, silenceForm } from '../../notifier/interaction';
import { silent } from '../slack/client';
import { attestationWords } from '../words';
import { openJson, openSilence, submitSilence } from './alerting';
import {
  announceByCommand,
  announcementWork,
  type CommandBody,
  commandWork,
  openAnnouncementForm,
  submitAnnouncement,
} from './announcing';
import { answerWork, openAnswerForm, reasonOf, submitAnswer } from './answering';
import { type DecisionBody, passOn } from './deciding';
import { announcementForm, answerForm, type Submitted } from './forms';
import { heard, type MessageEvent } from './hearing';
import { type ClickBody, clicker, placeOf, tell } from './place';
import type { FunctionUrlReceiver } from './receiver';
import { writtenText } from './text';
import type { BotTools } from './tools';

/** Ids that buttons carry: of questions and of responses. */
const idPattern = /^[\w:.-]{1,200}$/;

/** The Bolt app: what it listens to follows from what is on. */
export function boltApp(receiver: FunctionUrlReceiver, tools: BotTools): App {
  const app = new App({
    receiver,
    // The token is fetched when something is said, and again when it was revoked: see `slack/client.ts`.
    authorize: async () => ({}),
    // Messages of bots are told by `bot_id`: Bolt would have to ask Slack who it is.
    ignoreSelf: false,
    convoStore: false,
    attachFunctionToken: false,
    logger: silent as unknown as Logger,
  });
  // To the receiver, and so to Slack, which tries events again.
  app.error((error) => Promise.reject(error));
  // Buttons that are links, and those of others: Slack warns whoever clicks when nobody takes a click.
  app.action(/^(?!attest_|respond_|alert_)/, ({ ack }) => ack());
  listenForAlerts(app, tools);
  const { attestation, decide } = tools;
  if (attestation !== undefined) {
    listenForAnswers(app, { ...tools, attestation });
    listenForAnnouncements(app, { ...tools, attestation });
    listenForMessages(app, tools);
  }
  if (decide !== undefined) {
    listenForDecisions(app, { ...tools, decide });
  }
  return app;
}

type Attesting = Parameters<typeof openAnswerForm>[2];

const leftOf = (context: object): (() => number) => (context as { left: () => number }).left;

/** Does what a click asks for; when that fails, whoever clicked is told, as far as Slack lets us. */
async function clicked(body: ClickBody, tools: BotTools, words: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = (error as { reason?: unknown }).reason;
    tools.log('error', 'bot.click.failed', { reason: typeof reason === 'string' ? reason : reasonOf(error) });
    const place = placeOf(body);
    if (place !== undefined) {
      const text = attestationWords(tools.settings).sentence(words);
      await tell(tools, place, clicker(body).id, text).catch(() => tools.log('error', 'bot.person.untold'));
    }
  }
}

function listenForAlerts(app: App, tools: BotTools): void {
  const opens = { [jsonAction]: openJson, [silenceAction]: openSilence };
  for (const [action, open] of Object.entries(opens)) {
    app.action(action, async ({ ack, body, payload }) => {
      const click = body as unknown as ClickBody;
      const { value } = payload as { value?: unknown };
      await clicked(click, tools, 'The window could not be opened. Please click again.', async () => {
        if (typeof value === 'string') {
          await open(click, value, tools);
        }
      });
      await ack();
    });
  }
  app.view(silenceForm, async ({ ack, view }) => {
    await ack(submitSilence(view as unknown as Submitted, tools));
  });
}

function listenForAnswers(app: App, tools: Attesting): void {
  app.action('attest_answer', async ({ ack, body, payload }) => {
    const click = body as unknown as ClickBody;
    const question = idOf(payload);
    await clicked(
      click,
      tools,
      'The form could not be opened. Please click again, or answer in this thread.',
      async () => {
        if (question !== undefined) {
          await openAnswerForm(click, question, tools);
        }
      },
    );
    await ack();
  });
  app.view(answerForm, async ({ ack, body, view, context }) => {
    const work = answerWork(body as ClickBody, view as unknown as Submitted, tools.now());
    await ack(await submitAnswer(work, tools, leftOf(context)));
  });
}

function listenForAnnouncements(app: App, tools: Attesting): void {
  app.command('/privileged-use', async ({ ack, command, context }) => {
    const body = command as unknown as CommandBody;
    const text = writtenText(body.text ?? '').trim();
    const say = attestationWords(tools.settings).sentence;
    if (text === 'help') {
      await ack(say(usage));
    } else if (text !== '') {
      await ack(await announceByCommand(commandWork(body, text, tools), tools, leftOf(context)));
    } else {
      await openAnnouncementForm(body, tools).then(
        () => ack(),
        () => ack(say(`The form could not be opened. ${say(usage)}`)),
      );
    }
  });
  app.view(announcementForm, async ({ ack, body, view, context }) => {
    const work = announcementWork(body as ClickBody, view as unknown as Submitted, tools.now());
    await ack(await submitAnnouncement(work, tools, leftOf(context)));
  });
}

const usage = 'Write how long, the ticket and the purpose: /privileged-use 2h OPS-123 restoring the backup';

function listenForMessages(app: App, tools: BotTools): void {
  app.event('message', async ({ event, body }) => {
    const work = heard(event as unknown as MessageEvent, body.event_id, tools.now());
    if (work !== undefined) {
      await tools.later(work);
    }
  });
}

function listenForDecisions(app: App, tools: Parameters<typeof passOn>[3] & BotTools): void {
  for (const action of ['approve', 'decline'] as const) {
    app.action(`respond_${action}`, async ({ ack, body, payload }) => {
      const click = body as unknown as DecisionBody;
      const response = idOf(payload);
      await clicked(click, tools, 'Your decision could not be passed on. Please click again.', async () => {
        if (response !== undefined) {
          await passOn(click, response, action, tools);
        }
      });
      await ack();
    });
  }
}

function idOf(payload: unknown): string | undefined {
  const { value } = payload as { value?: unknown };
  return typeof value === 'string' && idPattern.test(value) ? value : undefined;
}
