import { GarrisonError } from '../organization/errors';
import type { ConfiguredGuardrail } from './settings';
import { deny, type Statement } from './statement';

/** What a policy of a kind may be. */
export interface PolicyLimits {
  /** Characters of a document. */
  readonly characters: number;
  /** Policies on one target. */
  readonly attached: number;
}

/**
 * Source: Organizations user guide, "Quotas and service limits": both were doubled in May 2026, everywhere at once. One
 * of the places is that of FullAWSAccess, or of what stands for it.
 */
export const serviceControlLimits: PolicyLimits = { characters: 10_240, attached: 10 };

/** Managed policies of IAM; blanks do not count, and there are none. Source: IAM and STS quotas. */
export const managedPolicyLimits: PolicyLimits = { characters: 6_144, attached: 10 };

/** A policy ready to be written: the same input gives the same text. */
export interface PackedPolicy {
  /** Such as `garrison-guardrails-1`. */
  readonly name: string;
  /** The document as JSON without blanks. */
  readonly content: string;
  /** Ids of the guardrails whose statements it holds. */
  readonly guardrails: readonly string[];
}

export const policyNamePrefix = 'garrison-guardrails-';

interface Piece {
  readonly guardrail: string;
  readonly text: string;
}

const open = '{"Version":"2012-10-17","Statement":[';
const close = ']}';

/**
 * Packs the statements of the guardrails that are on into as few policies as their order allows: a policy is filled
 * until the next statement no longer fits into any. A statement that is too long for a policy of its own is cut into
 * several with fewer actions each, which deny the same together.
 *
 * @throws GarrisonError `guardrail.large` for a statement that cannot be cut so small
 */
export function packPolicies(
  guardrails: readonly ConfiguredGuardrail[],
  { characters }: PolicyLimits,
  { prefix = policyNamePrefix, first = [] }: { prefix?: string; first?: readonly string[] } = {},
): PackedPolicy[] {
  const frame = open.length + close.length;
  const bins: { pieces: Piece[]; length: number }[] = [];
  const put = (piece: Piece) => {
    const fitting = bins.find(({ length }) => length + 1 + piece.text.length <= characters);
    if (fitting) {
      fitting.pieces.push(piece);
      fitting.length += 1 + piece.text.length;
    } else {
      bins.push({ pieces: [piece], length: frame + piece.text.length });
    }
  };
  for (const text of first) {
    put({ guardrail: '', text });
  }
  for (const { guardrail, statements, off } of guardrails) {
    if (off === undefined) {
      for (const statement of statements.flatMap((one) => cut(one, characters - frame, guardrail.id))) {
        put({ guardrail: guardrail.id, text: statementText(statement) });
      }
    }
  }
  return bins.map(({ pieces }, index) => ({
    name: `${prefix}${index + 1}`,
    content: `${open}${pieces.map(({ text }) => text).join(',')}${close}`,
    guardrails: [...new Set(pieces.map(({ guardrail }) => guardrail).filter((id) => id !== ''))],
  }));
}

/** The statement that a permissions boundary needs beside denials. */
export const allowStatement = '{"Sid":"Everything","Effect":"Allow","Action":"*","Resource":"*"}';

function cut(statement: Statement, most: number, guardrail: string): Statement[] {
  if (statementText(statement).length <= most) {
    return [statement];
  }
  const { Action = [], Resource = [], Condition } = statement;
  // What is excepted holds together: only what is denied can be told in two statements.
  const [list, rebuild] =
    Action.length > 1
      ? [
          Action,
          (actions: readonly string[]) => deny(statement.Sid, actions, { resources: Resource, conditions: Condition }),
        ]
      : [Resource, (resources: readonly string[]) => deny(statement.Sid, Action, { resources, conditions: Condition })];
  if (list.length < 2 || Action.length === 0) {
    throw new GarrisonError(
      'guardrail.large',
      `${guardrail}: a statement is longer than the ${most} characters that a policy holds`,
      'Shorten its lists: fewer exemptions (with * in them) or fewer values.',
    );
  }
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)].flatMap((half, index) =>
    cut({ ...rebuild(half), Sid: `${statement.Sid}${index + 1}` }, most, guardrail),
  );
}

/** A statement as JSON, as short as it can be: lists of one as the one, no empty condition. */
export function statementText(statement: Statement): string {
  const { Sid, Effect, Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  const conditions = Object.entries(Condition)
    .map(([operator, keys]) => [operator, mapped(keys)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify({
    Sid,
    Effect,
    Action: short(Action),
    NotAction: short(NotAction),
    Resource: short(Resource),
    NotResource: short(NotResource),
    Condition: conditions.length > 0 ? Object.fromEntries(conditions) : undefined,
  });
}

function mapped(keys: Readonly<Record<string, readonly string[]>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, short(values)]));
}

function short(values: readonly string[] | undefined): string | readonly string[] | undefined {
  return values?.length === 1 ? values[0] : values;
}
