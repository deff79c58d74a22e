import pc from 'picocolors';
import type { Host, Message } from '../../organization/messages';
import type { Io } from '../io';

/** Shows the stages of a command as they run: live on a terminal, one line each elsewhere. Always on standard error. */
export interface Progress {
  /**
   * Runs one stage. `work` gets the host for its messages; `summary` says in a few words what came of it.
   * Rethrows what `work` throws.
   */
  stage<T>(title: string, work: (host: Host) => Promise<T>, summary?: (result: T) => StageSummary): Promise<T>;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** How a stage ended. */
export interface StageSummary {
  readonly text: string;
  /** `warning` where some cells failed. Default `done`. */
  readonly mark?: 'done' | 'warning';
}

interface Stage {
  readonly title: string;
  readonly started: number;
  state: 'running' | 'done' | 'warning' | 'failed';
  detail: string;
  finished?: number;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMilliseconds = 80;
const titleWidth = 30;

/** The view that fits the standard error of `io`. */
export async function createProgress(io: Io): Promise<Progress> {
  return io.stderr.isTTY && !io.env.CI ? liveProgress(io) : plainProgress(io);
}

function plainProgress(io: Io): Progress {
  return progress({
    begin: (stage) => io.stderr.write(`· ${stage.title} …\n`),
    message: (message) => {
      if (message.level === 'warning' || message.level === 'error') {
        io.stderr.write(`  ${message.level}: ${message.text}\n`);
      }
    },
    end: (stage) => io.stderr.write(`${stageLine(stage, markOf(stage))}\n`),
    close: () => {},
  });
}

async function liveProgress(io: Io): Promise<Progress> {
  const { createLogUpdate } = await import('log-update');
  const update = createLogUpdate(io.stderr);
  const running = new Set<Stage>();
  const draw = () => {
    const frame = frames[Math.floor(Date.now() / frameMilliseconds) % frames.length] as string;
    update([...running].map((stage) => stageLine(stage, pc.cyan(frame))).join('\n'));
  };
  const printAbove = (line: string) => {
    update.clear();
    io.stderr.write(`${line}\n`);
    draw();
  };
  const timer = setInterval(draw, frameMilliseconds);
  return progress({
    begin: (stage) => {
      running.add(stage);
      draw();
    },
    message: (message, stage) => {
      if (message.level === 'warning' || message.level === 'error') {
        printAbove(`  ${pc.yellow(message.level)}: ${message.text}`);
      } else if (message.level === 'info') {
        stage.detail = message.text;
      }
    },
    end: (stage) => {
      running.delete(stage);
      printAbove(stageLine(stage, markOf(stage)));
    },
    close: () => {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  });
}

interface Renderer {
  begin(stage: Stage): void;
  message(message: Message, stage: Stage): void;
  end(stage: Stage): void;
  close(): void;
}

function progress(renderer: Renderer): Progress {
  return {
    close: renderer.close,
    async stage(title, work, summary) {
      const stage: Stage = { title, started: Date.now(), state: 'running', detail: '' };
      renderer.begin(stage);
      try {
        const result = await work({ emit: (message) => renderer.message(message, stage) });
        const ended = summary?.(result);
        stage.detail = ended?.text ?? '';
        stage.state = ended?.mark ?? 'done';
        return result;
      } catch (error) {
        stage.state = 'failed';
        stage.detail = '';
        throw error;
      } finally {
        stage.finished = Date.now();
        renderer.end(stage);
      }
    },
  };
}

function markOf(stage: Stage): string {
  switch (stage.state) {
    case 'failed':
      return pc.red('✖');
    case 'warning':
      return pc.yellow('▲');
    default:
      return pc.green('✔');
  }
}

function stageLine(stage: Stage, mark: string): string {
  const seconds = ((stage.finished ?? Date.now()) - stage.started) / 1000;
  return `${mark} ${stage.title.padEnd(titleWidth)} ${stage.detail}${stage.detail ? '  ' : ''}${pc.dim(`${seconds.toFixed(1)} s`)}`;
}
