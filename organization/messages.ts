/** What library code tells the shell. The shell decides how, or whether, a person sees it. */
export interface Message {
  /** Stable identifier, such as `stackset.operation.progress`. */
  readonly code: string;
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  /** One sentence for a person. */
  readonly text: string;
  /** For scripts: plain data, no secrets. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Given to library code by `scripts/`: the only way out for messages. */
export interface Host {
  emit(message: Message): void;
}
