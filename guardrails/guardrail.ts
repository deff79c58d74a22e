import type { Config } from '../organization/config';
import type { OwnRoles } from './ownRoles';
import { type Conditions, type Statement, sorted } from './statement';

/** What a parameter is called and takes: always a list of texts. */
export interface Parameter {
  readonly meaning: string;
  readonly default: readonly string[];
  /** Where the configuration says the same already; counts while the guardrail's own parameters say nothing. */
  readonly elsewhere?: (config: Config) => readonly string[];
  /** What each text has to look like, and how to say so. */
  readonly pattern: RegExp;
  readonly wanted: string;
}

/** The values of a guardrail's parameters, by name. */
export type Settings<Name extends string = string> = Readonly<Record<Name, readonly string[]>>;

/** What statements have to know of the organization. */
export interface GuardrailContext {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly securityAccountId: string;
  readonly homeRegion: string;
  readonly own: OwnRoles;
  /** Policies that say what Garrison's roles may do, as ARNs. */
  readonly ownPolicies: readonly string[];
  /** Principals whom the configuration exempts from this guardrail, as ARNs. */
  readonly exempt: readonly string[];
  /** Principals whom it exempts from any: whoever could create one of these roles would be exempt. */
  readonly exemptAnywhere: readonly string[];
}

/** One guardrail: what it makes impossible, for whom, and with which statements. One file each in `catalog/`. */
export interface Guardrail<Name extends string = string> {
  readonly id: string;
  readonly title: string;
  /** What can no longer happen, in a sentence or two. */
  readonly prevents: string;
  /** What was needed before, as what it looks for can no longer happen where the guardrail is in force. */
  readonly makesUnnecessary: {
    readonly detections: readonly string[];
    readonly responders: readonly string[];
  };
  readonly parameters: Readonly<Record<Name, Parameter>>;
  /** The parameters, one of which has to be set before the guardrail says anything. */
  readonly needs?: readonly Name[];
  /** Problems of the values together, beside those that each value has by itself. */
  readonly check?: (settings: Settings<Name>, context: GuardrailContext) => readonly ParameterProblem[];
  readonly statements: (settings: Settings<Name>, context: GuardrailContext) => readonly Statement[];
  /** What AWS's services and the people who run accounts need all the same, and how the statements leave room for it. */
  readonly exceptions: readonly string[];
  /** What it does not stop. */
  readonly gaps: readonly string[];
  /** Why it cannot be a permissions boundary; absent where it can. */
  readonly notAsBoundary?: string;
}

/** A value that cannot be, and what to do about it. */
export interface ParameterProblem {
  readonly parameter: string;
  readonly message: string;
  readonly remedy: string;
}

/** Keeps the names of the parameters together while the catalog holds all guardrails as one type. */
export function defineGuardrail<Name extends string = never>(guardrail: Guardrail<Name>): Guardrail {
  return guardrail as unknown as Guardrail;
}

/** Everybody but those whom the configuration exempts, and those of Garrison's own roles whose work it is. */
export function everybodyBut({ exempt }: GuardrailContext, own: readonly string[] = []): Conditions {
  const principals = sorted([...own, ...exempt]);
  return principals.length === 0 ? {} : { ArnNotLike: { 'aws:PrincipalArn': principals } };
}
