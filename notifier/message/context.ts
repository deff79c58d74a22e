import type { Alert, FactName, Subject } from '../alert';
import { inWords } from '../events/findingType';
import type { Mention, NotifierSettings } from '../settings';
import { type Catalog, type LabelName, say } from './catalog';

/** An account as messages name it. */
export interface AccountName {
  readonly id: string;
  readonly name?: string;
  readonly ou?: string;
}

/** What rendering needs beside the alert; made once for a warm function. */
export interface MessageContext {
  readonly settings: NotifierSettings;
  readonly catalog: Catalog;
  account(id: string): AccountName;
}

/** Prepares settings for rendering, in the language of the catalog. */
export function messageContext(settings: NotifierSettings, catalog: Catalog): MessageContext {
  const accounts = new Map(settings.accounts.map((account) => [account.id, account]));
  return {
    settings,
    catalog,
    account: (id) => accounts.get(id) ?? { id },
  };
}

/** The headline's words: purpose and family by the type's grammar, else the title. */
export function headlineOf(alert: Alert, catalog: Catalog): string {
  const type = alert.findingType;
  if (type === undefined || alert.detection !== undefined) {
    return alert.title;
  }
  const details = [
    type.mechanism && inWords(type.mechanism),
    type.variant && say(catalog, 'variant', { letter: type.variant }),
    type.artifact && inWords(type.artifact),
  ].filter(Boolean);
  const purpose = own(catalog.purposes, type.purpose) ?? inWords(type.purpose);
  return `${purpose}: ${inWords(type.family)}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
}

/** What happened, in one sentence of the catalog's language. */
export function sentenceOf(alert: Alert, catalog: Catalog): string {
  const sentence = sentenceOfOne(alert, catalog);
  const { threshold } = alert;
  if (threshold === undefined) {
    return sentence;
  }
  const { count, windowSeconds } = threshold;
  return say(catalog, 'counted', { count, duration: durationInWords(windowSeconds, catalog), sentence });
}

function sentenceOfOne(alert: Alert, catalog: Catalog): string {
  const { action, actor: who, resources, title, source } = alert;
  const { kind, text: call, error } = action ?? {};
  const resource = resources[0] && subjectInWords(resources[0], catalog);
  if (source === 'guardduty') {
    const headline = headlineOf(alert, catalog);
    const told = title === alert.type ? headline : title;
    return say(catalog, 'finding', {
      resource,
      headline,
      title: title === alert.type ? '' : title,
      told: /[.!?]$/.test(told) ? told : `${told}.`,
    });
  }
  const actor = who === undefined ? kindInWords('Unknown', catalog) : subjectInWords(who, catalog);
  const Actor = capital(actor);
  if (kind === 'signIn') {
    const noMfa = alert.facts.some(({ name, value }) => name === 'mfa' && value === 'No') ? 'MFA' : '';
    return error === undefined
      ? say(catalog, 'signIn', { actor, Actor, noMfa })
      : say(catalog, 'signInFailed', { actor, Actor, error });
  }
  return kind === 'apiCall' ? say(catalog, 'apiCall', { actor, Actor, call, resource, error }) : title;
}

function durationInWords(seconds: number, catalog: Catalog): string {
  const [unit, size] =
    seconds % 3_600 === 0
      ? (['hours', 3_600] as const)
      : seconds % 60 === 0
        ? (['minutes', 60] as const)
        : (['seconds', 1] as const);
  return say(catalog, unit, { count: seconds / size });
}

/** `EC2 instance i-99999999`. */
export function subjectInWords(subject: Subject, catalog: Catalog): string {
  const kind = kindInWords(subject.kind, catalog);
  return subject.name === '' || subject.kind === 'Root' ? kind : `${kind} ${subject.name}`.trim();
}

/** The kind of a resource or actor in words; AWS's own name, taken apart, where the catalog has none. */
export function kindInWords(kind: string, catalog: Catalog): string {
  const name = kind.startsWith('AWS::')
    ? kind.slice(5).replace('::', '')
    : kind.replace(/^[A-Z\d]+(_[A-Z\d]+)+$/, capitals);
  return own(catalog.kinds, name) ?? inWords(name);
}

/** `EKS_CLUSTER` (attack sequences) as the other findings write it: `EKSCluster`. */
function capitals(name: string): string {
  return name
    .replace(/([A-Z\d])([A-Z\d]{3,})|_/g, (_, first = '', rest = '') => first + rest.toLowerCase())
    .replace('KEY', 'Key');
}

/** A label of the message. */
export function label(name: LabelName, catalog: Catalog): string {
  return catalog.labels[name] ?? capital(inWords(name));
}

/** With a capital letter at its beginning. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The name of a fact in words. */
export function factInWords(name: FactName, catalog: Catalog): string {
  return catalog.facts[name] ?? inWords(name).toLowerCase();
}

/** A mention in Slack's syntax; empty for none and for whatever is no id. */
export function slackMention(mention: Mention): string {
  if (['here', 'channel', 'everyone'].includes(mention)) {
    return `<!${mention}>`;
  }
  if (/^S[A-Z0-9]{2,}$/.test(mention)) {
    return `<!subteam^${mention}>`;
  }
  return /^[UW][A-Z0-9]{2,}$/.test(mention) ? `<@${mention}>` : '';
}

function own(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
