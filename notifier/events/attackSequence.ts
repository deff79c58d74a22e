import type { Alert, AttackReference, RemoteEnd, Signal } from '../alert';
import { tacticNamed } from '../attack';
import { facts } from './guarddutyResources';
import { at, list, number, text, texts, time } from './read';

const mostReferences = 8;

/** A finding that is an attack sequence, with what its sequence tells: resources, actor, endpoint, signals, techniques. */
export function withSequence(alert: Alert, detail: unknown): Alert {
  const sequence = at(detail, 'service', 'detection', 'sequence');
  const description = alert.description ?? text(sequence, 'description');
  const told = [...indicators(sequence), ...(alert.findingType?.isAttackSequence ? [description ?? ''] : [])];
  const attack = [...alert.attack, ...told.flatMap((words) => tacticNamed(words) ?? techniquesIn(words))];
  return {
    ...alert,
    description,
    resources: alert.resources.length > 0 ? alert.resources : resourcesOf(sequence),
    actor: alert.actor ?? actorOf(at(sequence, 'actors', 0)),
    remote: alert.remote ?? endOf(at(sequence, 'endpoints', 0)),
    signals: list(sequence, 'signals').map(readSignal),
    attack: [...new Map(attack.map((reference) => [reference.id, reference])).values()].slice(0, mostReferences),
  };
}

function readSignal(signal: unknown): Signal {
  return {
    name: text(signal, 'name') ?? text(signal, 'description') ?? text(signal, 'uid') ?? '',
    kind: text(signal, 'type'),
    severity: number(signal, 'severity'),
    firstSeen: time(signal, 'firstSeenAt') ?? time(signal, 'createdAt'),
  };
}

function resourcesOf(sequence: unknown): Alert['resources'] {
  return list(sequence, 'resources').map((resource) => ({
    kind: text(resource, 'resourceType') ?? 'Resource',
    name: text(resource, 'name') ?? text(resource, 'uid') ?? '',
    facts: [],
  }));
}

function actorOf(actor: unknown): Alert['actor'] {
  const name = text(actor, 'user', 'name') ?? text(actor, 'user', 'uid') ?? text(actor, 'id');
  return name === undefined
    ? undefined
    : {
        kind: text(actor, 'user', 'type') ?? 'Actor',
        name,
        facts: facts(['accessKey', text(actor, 'user', 'credentialUid')], ['mfa', text(actor, 'session', 'mfaStatus')]),
      };
}

function endOf(endpoint: unknown): RemoteEnd | undefined {
  const address = text(endpoint, 'ip') ?? text(endpoint, 'domain');
  return address === undefined
    ? undefined
    : {
        address,
        country: text(endpoint, 'location', 'country'),
        city: text(endpoint, 'location', 'city'),
        network: text(endpoint, 'autonomousSystem', 'name'),
        autonomousSystem: text(endpoint, 'autonomousSystem', 'number'),
      };
}

/** Tactics and techniques that the sequence and its signals name. */
function indicators(sequence: unknown): readonly string[] {
  return [
    list(sequence, 'sequenceIndicators'),
    ...list(sequence, 'signals').map((signal) => list(signal, 'signalIndicators')),
  ]
    .flat()
    .filter((indicator) => /^ATTACK_T/.test(text(indicator, 'key') ?? ''))
    .flatMap((indicator) => texts(indicator, 'values'));
}

/** Reads `T1078.004 - Valid Accounts: Cloud Accounts` and bare ids, out of any text. */
function techniquesIn(words: string): AttackReference[] {
  return [...words.matchAll(/\b(TA?\d{4}(?:\.\d{3})?)\b(?: - ([A-Z][\w ,:&/-]{2,79}?)(?=, T\d|\n|$))?/g)].map(
    ([, id, name]) => ({ id: id as string, name: name?.trim() }),
  );
}
