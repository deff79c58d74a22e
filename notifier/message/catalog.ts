import type { Alert, FactName } from '../alert';
import type { SeverityBand } from '../settings';
/** Names of the parts of a message. */
export type LabelName =
  | 'account'
  | 'organizationalUnit'
  | 'region'
  | 'severity'
  | 'resource'
  | 'actor'
  | 'remote'
  | 'action'
  | 'count'
  | 'seen'
  | 'type'
  | 'finding'
  | 'event'
  | 'detection'
  | 'runbook';

/** All words of the messages in one language. Texts from events go in raw and are escaped by whoever calls. */
export interface Catalog {
  readonly language: 'en' | 'ja';
  readonly severity: Readonly<Record<SeverityBand, string>>;
  /** Labels whose name does not read well by itself. */
  readonly labels: Readonly<Partial<Record<LabelName, string>>>;
  /** Facts whose name does not read well by itself. */
  readonly facts: Readonly<Partial<Record<FactName, string>>>;
  /** Kinds of resources and actors in words, by AWS's name for them. */
  readonly kinds: Readonly<Record<string, string>>;
  /** GuardDuty's threat purposes in words. */
  readonly purposes: Readonly<Record<string, string>>;
  readonly buttons: {
    readonly console: string;
    readonly finding: string;
    readonly event: string;
    readonly silence: string;
    readonly runbook: string;
  };
  readonly sample: string;
  readonly unknownAccount: string;
  readonly blocked: string;
  /** What happened, in one sentence. */
  sentence(
    alert: Alert,
    words: { readonly actor: string; readonly resource: string; readonly headline: string },
  ): string;
  /** The sentence of the event that was one too many. */
  counted(sentence: string, count: number, seconds: number): string;
  variant(letter: string): string;
  signals(count: number): string;
  more(count: number): string;
  refusedWith(error: string): string;
  /** The line that grows under a message when the same comes again. */
  repeated(times: number, last: string): string;
  /** In front of what is new when the same comes again. */
  again(what: string): string;
  readonly digest: {
    title(count: number, seconds: number): string;
    readonly byType: string;
    readonly byAccount: string;
    readonly bySeverity: string;
    /** Where every alert of a digest can be read. */
    note(file: boolean): string;
  };
}
