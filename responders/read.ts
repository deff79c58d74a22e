import { codeOf } from './failures';
import type { Json, ServiceName } from './plan';
import type { Look } from './responder';

interface Read {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: Readonly<Record<string, Json>>;
}

/** More pages than any resource of a real account has: whoever fills more is not followed. */
const mostPages = 50;

/** All elements of a list that AWS gives page by page with `NextToken`. */
export async function readAll<Element>(look: Look, { input, ...call }: Read, member: string): Promise<Element[]> {
  const all: Element[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await look.read<Record<string, unknown>>({ ...call, input: { ...input, NextToken } });
    all.push(...((answer[member] as Element[] | undefined) ?? []));
    NextToken = answer.NextToken as string | undefined;
    if (NextToken === undefined || NextToken === '') {
      break;
    }
  }
  return all;
}

/** The answer, or the given one where AWS refuses with one of the codes. */
export async function unless<Output>(
  reading: Promise<Output>,
  codes: readonly string[],
  otherwise?: Output,
): Promise<Output | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codes.includes(codeOf(error))) {
      return otherwise;
    }
    throw error;
  }
}
