/** Plain data, as it stands in tables and on a screen. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | { readonly [name: string]: Json };

export type ServiceName = 'ec2' | 'iam' | 'guardduty' | 'cloudtrail' | 's3';

/** A call of AWS's API. */
export interface Call {
  readonly service: ServiceName;
  /** Such as `RevokeSecurityGroupIngress`. */
  readonly operation: string;
  readonly region: string;
  /** The SDK's own input. In the place of a value may stand a `Reference` to an earlier step's answer. */
  readonly input: Json;
}

/** Stands for a value in the answer of the step that saved it. */
export type Reference = {
  readonly $from: string;
  readonly path: readonly (string | number)[];
  /** Where that step was not done. */
  readonly otherwise?: Json;
};

/** One step of a response: plain data, so that it can be shown, stored and undone. */
export interface Step extends Call {
  /** What it does, in words: plain text. */
  readonly does: string;
  /** Error codes that say it is done already. */
  readonly settles?: readonly string[];
  /** Error codes that say the resource changed meanwhile: it is looked at and decided again. */
  readonly stale?: readonly string[];
  /** Error codes that pass by themselves: tried again later. */
  readonly passes?: readonly string[];
  /** The steps after it are worth doing even if it fails. */
  readonly goOn?: boolean;
  /** Name under which later steps find the answer. */
  readonly save?: string;
  /** A read without effect. */
  readonly reads?: true;
  /** Done only if this read answers so: somebody may have changed it since. Lists are compared without order. */
  readonly guard?: { readonly call: Call; readonly path: readonly (string | number)[]; readonly is: Json };
  /** What takes it back; absent where nothing does. */
  readonly undo?: readonly Step[];
}

/** What saved answers are known by. */
export type Saved = Readonly<Record<string, Json>>;

/** A reference to a member of an earlier answer. */
export function from(name: string, path: readonly (string | number)[], otherwise?: Json): Json {
  return { $from: name, path, ...(otherwise !== undefined && { otherwise }) };
}

/**
 * Puts what is known in the place of references.
 *
 * @param final nothing more will be known: what is still unknown becomes what stands for it otherwise
 */
export function resolved(value: Json, saved: Saved, final = false): Json {
  if (Array.isArray(value)) {
    return value.map((each) => resolved(each as Json, saved, final));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const reference = value as unknown as Partial<Reference>;
  if (typeof reference.$from === 'string') {
    const found = saved[reference.$from];
    return found === undefined ? (final ? reference.otherwise : value) : valueAt(found, reference.path ?? []);
  }
  const members = Object.entries(value as Record<string, Json>);
  return Object.fromEntries(members.map(([name, each]) => [name, resolved(each, saved, final)]));
}

/** The value at a path of own members; `*` stands for every element of a list. */
export function valueAt(value: unknown, path: readonly (string | number)[]): Json {
  const [step, ...rest] = path;
  if (step === undefined) {
    return value as Json;
  }
  if (step === '*') {
    return Array.isArray(value) ? value.map((each) => valueAt(each, rest)) : undefined;
  }
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? valueAt((value as Record<string | number, unknown>)[step], rest)
    : undefined;
}

/** Whether two pieces of plain data say the same; members in any order, absent ones like missing ones. */
export function sameJson(one: Json, other: Json): boolean {
  return canonical(one) === canonical(other);
}

/** The same text for the same data. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) {
    return `[${value.map((each) => canonical(each as Json)).join(',')}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value as Record<string, Json>).filter(([, each]) => each !== undefined);
    return `{${members
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`)
      .join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}
