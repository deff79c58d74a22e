import { oneLine } from '../../notifier/message/escape';
import type { Person } from '../record/content';
import type { KnownPerson } from '../settings';
import { wildcard } from './wildcard';

/** Longest names that are kept: AWS's own are shorter, but for ARNs. */
const longestName = 256;
const address = /^[^\s@<>|,;:"'\\()[\]]{1,64}@[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))+$/i;

/** The text as an e-mail address in lower case, if it is one. */
export function emailOf(text: string | undefined): string | undefined {
  return text !== undefined && text.length <= 254 && address.test(text) ? text.toLowerCase() : undefined;
}

/**
 * The person whom AWS calls by some names, the most telling first: by the mapping of the configuration, else by the
 * first name that is an e-mail address, else as the first name says. `key` tells people apart who have the same name.
 */
export function personOf(
  names: readonly (string | undefined)[],
  people: readonly KnownPerson[],
  key?: string,
): Person | undefined {
  const given = names
    .filter((name): name is string => name !== undefined && name !== '')
    .map((name) => oneLine(name).slice(0, longestName));
  const [first] = given;
  if (first === undefined) {
    return undefined;
  }
  const known = given
    .map((name) => people.find(({ identity }) => wildcard(identity).test(name)))
    .find((candidate) => candidate !== undefined);
  const email = emailOf(known?.email) ?? given.map(emailOf).find((found) => found !== undefined);
  const name = given.find((candidate) => emailOf(candidate) !== undefined) ?? first;
  const { slackUser } = known ?? {};
  return {
    key: email ?? (known === undefined || known.identity.includes('*') ? (key ?? first) : known.identity),
    name,
    ...(email === undefined ? {} : { email }),
    ...(slackUser === undefined ? {} : { slackUser }),
  };
}
