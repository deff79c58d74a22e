import { InvalidFilterPatternError } from './errors';

export interface Token {
  readonly kind: 'selector' | 'word' | 'quoted' | 'expression' | 'operator' | 'and' | 'or' | 'open' | 'close';
  readonly text: string;
}

const rules: readonly (readonly [Token['kind'], RegExp])[] = [
  ['open', /\(/y],
  ['close', /\)/y],
  ['and', /&&/y],
  ['or', /\|\|/y],
  ['operator', /!=|<=|>=|=|<|>/y],
  ['quoted', /"(?:[^"\\]|\\[\s\S])*"/y],
  ['expression', /%(?:[^%\\]|\\[\s\S])*%/y],
  ['selector', /\$(?:\.[\w-]+|\.?\[\s*(?:\d+|\*|'[^']*'|"[^"]*")\s*\])+/y],
  ['word', /[\w.*:/@#+-]+/y],
];

/** Cuts the inside of `{ … }` into tokens; quoted texts and expressions lose their marks. */
export function tokens(source: string): Token[] {
  const found: Token[] = [];
  let position = skipBlank(source, 0);
  while (position < source.length) {
    const token = tokenAt(source, position);
    found.push({ kind: token.kind, text: bare(token) });
    position = skipBlank(source, position + token.text.length);
  }
  return found;
}

function skipBlank(source: string, position: number): number {
  const blank = /\s*/y;
  blank.lastIndex = position;
  blank.test(source);
  return blank.lastIndex;
}

function tokenAt(source: string, position: number): Token {
  for (const [kind, rule] of rules) {
    rule.lastIndex = position;
    const text = rule.exec(source)?.[0];
    if (text !== undefined) {
      return { kind, text };
    }
  }
  throw new InvalidFilterPatternError(`unexpected character ${source[position]} at ${position + 1}`);
}

function bare({ kind, text }: Token): string {
  if (kind === 'quoted') {
    return text.slice(1, -1).replace(/\\(["\\])/g, '$1');
  }
  return kind === 'expression' ? text.slice(1, -1) : text;
}
