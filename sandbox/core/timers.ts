/** Work that runs later: tracked, so that a test can wait for all of it and the end of a world cancels it. */
export class Timers {
  private readonly waiting = new Map<NodeJS.Timeout, () => void>();
  private readonly running = new Set<Promise<void>>();
  private closed = false;
  /** What went wrong in work that nobody awaited. */
  readonly errors: unknown[] = [];

  later(milliseconds: number, work: () => Promise<void> | void): void {
    if (this.closed) {
      return;
    }
    let done = () => {};
    const finished = new Promise<void>((resolve) => {
      done = resolve;
    });
    const timer = setTimeout(() => {
      this.waiting.delete(timer);
      this.run(work).then(done, done);
    }, milliseconds);
    this.waiting.set(timer, done);
    this.running.add(finished);
    void finished.then(() => this.running.delete(finished));
  }

  private async run(work: () => Promise<void> | void): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.closed) {
        this.errors.push(error);
      }
    }
  }

  /** Resolves when nothing waits or runs, also none of the work that work started. */
  async idle(): Promise<void> {
    while (this.running.size > 0) {
      await Promise.all(this.running);
    }
  }

  close(): void {
    this.closed = true;
    for (const [timer, done] of this.waiting) {
      clearTimeout(timer);
      done();
    }
    this.waiting.clear();
  }
}
