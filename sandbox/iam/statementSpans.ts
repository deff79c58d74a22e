/** Where a statement stands in the text of its document. */
export interface StatementSpan {
  readonly statement: unknown;
  readonly start: Position;
  readonly end: Position;
}

/** As the simulator counts: both from 1. */
interface Position {
  readonly Line: number;
  readonly Column: number;
}

const found = new Map<string, readonly StatementSpan[]>();

/** The statements of a policy document, in their order. The text has been parsed before: it is valid JSON. */
export function statementSpans(document: string): readonly StatementSpan[] {
  const known = found.get(document) ?? find(document);
  if (found.size > 1_000) {
    found.clear();
  }
  found.set(document, known);
  return known;
}

function find(document: string): StatementSpan[] {
  const begin = statementsBegin(document);
  const spans: StatementSpan[] = [];
  let depth = 0;
  let start = -1;
  for (let index = begin; index < document.length; index += 1) {
    const character = document[index];
    if (character === '"') {
      index = endOfText(document, index);
    } else if (character === '{') {
      start = depth === 0 ? index : start;
      depth += 1;
    } else if (character === '}') {
      depth -= 1;
      if (depth < 0) {
        break;
      }
      if (depth === 0) {
        const statement: unknown = JSON.parse(document.slice(start, index + 1));
        spans.push({ statement, start: positionOf(document, start), end: positionOf(document, index + 1) });
      }
    } else if (character === ']' && depth === 0) {
      break;
    }
  }
  return spans;
}

/** Past the key `Statement` of the document itself, which a text inside it may also be called. */
function statementsBegin(document: string): number {
  let depth = 0;
  for (let index = 0; index < document.length; index += 1) {
    const character = document[index];
    if (character === '"') {
      const end = endOfText(document, index);
      if (depth === 1 && document.slice(index, end + 1) === '"Statement"') {
        return document.indexOf(':', end) + 1;
      }
      index = end;
    } else if (character === '{' || character === '[') {
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
    }
  }
  return document.length;
}

function endOfText(document: string, begin: number): number {
  let index = begin + 1;
  while (index < document.length && document[index] !== '"') {
    index += document[index] === '\\' ? 2 : 1;
  }
  return index;
}

function positionOf(document: string, offset: number): Position {
  const lines = document.slice(0, offset).split('\n');
  return { Line: lines.length, Column: (lines.at(-1)?.length ?? 0) + 1 };
}
