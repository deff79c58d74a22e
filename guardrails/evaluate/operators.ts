import { isIP } from 'node:net';
import { outsideTest, parseNetwork } from '../../detections/networks';
import { matchesArn, matchesWildcard } from './wildcard';

/** Compares one value of the policy with one value of the request. */
type Comparison = (wanted: string, given: string) => boolean;

interface Operator {
  readonly compare: Comparison;
  /** Holds when none of the wanted values compares. */
  readonly negated: boolean;
}

const numeric =
  (test: (given: number, wanted: number) => boolean): Comparison =>
  (wanted, given) => {
    const [one, other] = [Number(given), Number(wanted)];
    return given.trim() !== '' && !Number.isNaN(one) && !Number.isNaN(other) && test(one, other);
  };

const sameNumber = numeric((given, wanted) => given === wanted);
const sameText: Comparison = (wanted, given) => wanted === given;
const sameLetters: Comparison = (wanted, given) => wanted.toLowerCase() === given.toLowerCase();

/** Operators that guardrails use, and their kin. Source: IAM user guide, "IAM JSON policy elements: Condition operators". */
const operators: Readonly<Record<string, Operator>> = {
  StringEquals: { compare: sameText, negated: false },
  StringNotEquals: { compare: sameText, negated: true },
  StringEqualsIgnoreCase: { compare: sameLetters, negated: false },
  StringNotEqualsIgnoreCase: { compare: sameLetters, negated: true },
  StringLike: { compare: (wanted, given) => matchesWildcard(wanted, given), negated: false },
  StringNotLike: { compare: (wanted, given) => matchesWildcard(wanted, given), negated: true },
  ArnEquals: { compare: matchesArn, negated: false },
  ArnLike: { compare: matchesArn, negated: false },
  ArnNotEquals: { compare: matchesArn, negated: true },
  ArnNotLike: { compare: matchesArn, negated: true },
  Bool: { compare: sameLetters, negated: false },
  IpAddress: { compare: inNetwork, negated: false },
  NotIpAddress: { compare: inNetwork, negated: true },
  NumericEquals: { compare: sameNumber, negated: false },
  NumericNotEquals: { compare: sameNumber, negated: true },
  NumericLessThan: { compare: numeric((given, wanted) => given < wanted), negated: false },
  NumericLessThanEquals: { compare: numeric((given, wanted) => given <= wanted), negated: false },
  NumericGreaterThan: { compare: numeric((given, wanted) => given > wanted), negated: false },
  NumericGreaterThanEquals: { compare: numeric((given, wanted) => given >= wanted), negated: false },
};

const ifExists = 'IfExists';

/** Whether the evaluator knows an operator. */
export function isKnownOperator(name: string): boolean {
  return name === 'Null' || Object.hasOwn(operators, baseOf(name));
}

/**
 * Whether an operator holds.
 *
 * @param given the values of the request's key; undefined where the request has no such key
 */
export function holds(name: string, wanted: readonly string[], given: readonly string[] | undefined): boolean {
  if (name === 'Null') {
    return wanted.some((value) => (value.toLowerCase() === 'true') === (given === undefined));
  }
  const { compare, negated } = operators[baseOf(name)] as Operator;
  if (given === undefined) {
    // A key that is not there equals nothing: only negations hold, and what asks for it only if it exists.
    return negated || name.endsWith(ifExists);
  }
  const some = given.some((value) => wanted.some((one) => compare(one, value)));
  return negated ? !some : some;
}

function baseOf(name: string): string {
  return name.endsWith(ifExists) ? name.slice(0, -ifExists.length) : name;
}

function inNetwork(network: string, address: string): boolean {
  // Texts that are no addresses are in no network.
  return isIP(address) !== 0 && parseNetwork(network) !== undefined && !outsideTest([network])(address);
}
