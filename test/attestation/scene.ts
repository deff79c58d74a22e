import type { SQSEvent } from 'aws-lambda';
import { type ProcessTools, processBatch } from '../../attestation/process';
import { answerQuestion } from '../../attestation/questions/answer';
import { type SlackDirectory, SlackUnavailable, type TicketVerdict } from '../../attestation/questions/tools';
import type { Content } from '../../attestation/record/content';
import { RecordUnavailable } from '../../attestation/record/table';
import { verify } from '../../attestation/record/verify';
import type { AttestationSettings } from '../../attestation/settings';
import type { FollowUpBody } from '../../notifier/followUp';
import { memoryTable } from '../../notifier/state/memoryTable';
import { memoryRecord } from './memoryTable';
import { modelWith } from './model';

/** The attestation with its record in memory, a directory of people, and a clock that is set by hand. */
export class Scene {
  readonly table = memoryRecord();
  readonly alerts = memoryTable();
  readonly said: FollowUpBody[] = [];
  readonly logged: string[] = [];
  readonly people = new Map([
    ['alice@example.com', 'U0ALICE001'],
    ['bob@example.com', 'U0BOB00001'],
  ]);
  now = new Date('2026-11-21T10:00:00.000Z');
  verdict: TicketVerdict = { kind: 'silent' };
  /** Thrown by Slack's directory, in this order. */
  readonly slackTroubles: SlackUnavailable[] = [];
  /** Called before each step that leaves the function: throws to kill it there. */
  atStep: (step: string) => void = () => undefined;
  readonly settings: AttestationSettings;

  constructor(attestation = '') {
    this.settings = modelWith(attestation).attestationSettings as AttestationSettings;
  }

  private readonly directory: SlackDirectory = {
    userByEmail: async (email) => {
      const trouble = this.slackTroubles.shift();
      if (trouble !== undefined) {
        throw trouble;
      }
      return this.people.get(email);
    },
    profileOf: async (user) => ({ email: [...this.people].find(([, id]) => id === user)?.[0] }),
    membersOf: async (group) => (group === 'S0SECURITY' ? ['U0CAROL001'] : []),
  };

  readonly tools: ProcessTools = (() => {
    const { table } = this;
    return {
      settings: undefined as unknown as AttestationSettings,
      table: {
        ...table,
        append: async (entries) => {
          this.atStep('before append');
          const done = await table.append(entries);
          this.atStep('after append');
          return done;
        },
      },
      alerts: this.alerts,
      slack: this.directory,
      askTicket: async () => this.verdict,
      say: async (body) => {
        this.atStep('before say');
        this.said.push(body);
        this.atStep('after say');
      },
      hide: async () => undefined,
      remaining: () => 30_000,
      now: () => this.now,
      chance: () => 0,
      log: (_level, code) => void this.logged.push(code),
    };
  })();

  /** Handles bodies as one batch; answers how many have to come again. */
  async handle(bodies: readonly unknown[], receives = 1): Promise<number> {
    const Records = bodies.map((body, index) => ({
      messageId: `m${index}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: String(receives),
        SenderId: 'AROAEXAMPLE:garrison',
        SentTimestamp: String(this.now.getTime()),
      },
    }));
    const tools = { ...this.tools, settings: this.settings };
    const answer = await processBatch({ Records } as unknown as SQSEvent, tools);
    return answer.batchItemFailures.length;
  }

  timer(): Promise<number> {
    return this.handle([{ source: 'garrison.attest-timer' }]);
  }

  /** Lets time pass. */
  after(minutes: number): this {
    this.now = new Date(this.now.getTime() + minutes * 60_000);
    return this;
  }

  get questionIds(): string[] {
    return this.contents('question').map(({ question }) => question);
  }

  contents<Kind extends Content['kind']>(kind: Kind): Extract<Content, { kind: Kind }>[] {
    return [...this.table.stored.values()]
      .filter(({ id }) => id === 'chain')
      .map(({ content }) => JSON.parse(content ?? '') as Content)
      .filter((content): content is Extract<Content, { kind: Kind }> => content.kind === kind);
  }

  /** Ids of what was said, each once: the notifier says an id once. */
  get saidIds(): string[] {
    return [...new Set(this.said.map(({ followUp }) => followUp.id))];
  }

  textOf(id: string): string {
    return this.said.find(({ followUp }) => followUp.id === id)?.followUp.text ?? '';
  }

  get findings() {
    return verify([...this.table.stored.values()], []).findings;
  }
}

export const killed = () => new RecordUnavailable('Killed');
export const throttled = () => new SlackUnavailable('ratelimited', 30);

/** Minutes after the scene's beginning. */
export const at = (minutes: number) => new Date(Date.parse('2026-11-21T10:00:00Z') + minutes * 60_000).toISOString();

/** An answer of somebody to the first question. */
export const answer = (scene: Scene, slackUser: string, more: object = {}) =>
  answerQuestion(
    {
      question: scene.questionIds[0] ?? '',
      person: { slackUser, name: 'Somebody' },
      purpose: 'Rotating the keys',
      ticket: 'OPS-7',
      slackEventId: `event-of-${slackUser}`,
      at: scene.now,
      ...more,
    },
    { ...scene.tools, settings: scene.settings },
  );
