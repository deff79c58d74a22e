import { reservedWords } from './reserved';
import { invalid, type Value } from './values';

export interface Token {
  readonly kind: 'name' | 'alias' | 'value' | 'number' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

/** Placeholders of a request; remembers which were used. */
export class Placeholders {
  private readonly used = new Set<string>();

  constructor(
    private readonly names: Readonly<Record<string, string>> | undefined,
    private readonly values: Readonly<Record<string, Value>> | undefined,
  ) {}

  name(alias: string, kind: string): string {
    const name = this.names?.[alias];
    if (name === undefined) {
      throw invalid(
        `Invalid ${kind}: An expression attribute name used in the document path is not defined; attribute name: ${alias}`,
      );
    }
    this.used.add(alias);
    return name;
  }

  value(alias: string, kind: string): Value {
    const value = this.values?.[alias];
    if (value === undefined) {
      throw invalid(
        `Invalid ${kind}: An expression attribute value used in expression is not defined; attribute value: ${alias}`,
      );
    }
    this.used.add(alias);
    return value;
  }

  /** @throws ServiceError when a placeholder is given and not used */
  checkAllUsed(): void {
    for (const [what, given] of [
      ['Names', this.names],
      ['Values', this.values],
    ] as const) {
      const unused = Object.keys(given ?? {}).filter((alias) => !this.used.has(alias));
      if (unused.length > 0) {
        throw invalid(
          `Value provided in ExpressionAttribute${what} unused in expressions: keys: {${unused.join(', ')}}`,
        );
      }
    }
  }
}

const pattern = /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|[=<>()[\],.+-]))/y;
const kinds = ['name', 'alias', 'value', 'number', 'symbol'] as const;

/** Reads an expression word by word. `kind` names the parameter in messages, such as `ConditionExpression`. */
export class TokenReader {
  private readonly tokens: Token[] = [];
  private index = 0;

  constructor(
    readonly source: string,
    readonly kind: string,
    readonly placeholders: Placeholders,
  ) {
    if (source.trim() === '') {
      throw invalid(`Invalid ${kind}: The expression can not be empty;`);
    }
    pattern.lastIndex = 0;
    while (source.slice(pattern.lastIndex).trim() !== '') {
      const at = pattern.lastIndex;
      const match = pattern.exec(source);
      if (!match) {
        throw this.syntaxError({ kind: 'symbol', text: source.slice(at).trim()[0] ?? '', at });
      }
      const group = match.slice(1).findIndex((text) => text !== undefined);
      this.tokens.push({ kind: kinds[group] ?? 'symbol', text: match[group + 1] ?? '', at });
    }
    this.tokens.push({ kind: 'end', text: '<EOF>', at: source.length });
  }

  peek(): Token {
    return this.tokens[this.index] as Token;
  }

  next(): Token {
    const token = this.peek();
    this.index += token.kind === 'end' ? 0 : 1;
    return token;
  }

  /** Takes the next word when it is this one; keywords are the same in small letters. */
  take(text: string): boolean {
    const token = this.peek();
    const same = token.kind === 'name' ? token.text.toUpperCase() === text : token.text === text;
    if (same && token.kind !== 'end') {
      this.index += 1;
    }
    return same && token.kind !== 'end';
  }

  expect(text: string): void {
    if (!this.take(text)) {
      throw this.syntaxError(this.peek());
    }
  }

  expectEnd(): void {
    if (this.peek().kind !== 'end') {
      throw this.syntaxError(this.peek());
    }
  }

  /** A function's name followed by its parenthesis. */
  takeFunction(): string | undefined {
    const token = this.peek();
    if (token.kind !== 'name' || this.tokens[this.index + 1]?.text !== '(') {
      return undefined;
    }
    this.index += 2;
    return token.text;
  }

  path(): (string | number)[] {
    const steps: (string | number)[] = [this.attributeName()];
    for (;;) {
      if (this.take('.')) {
        steps.push(this.attributeName());
      } else if (this.take('[')) {
        const token = this.next();
        if (token.kind !== 'number') {
          throw this.syntaxError(token);
        }
        steps.push(Number(token.text));
        this.expect(']');
      } else {
        return steps;
      }
    }
  }

  private attributeName(): string {
    const token = this.next();
    if (token.kind === 'alias') {
      return this.placeholders.name(token.text, this.kind);
    }
    if (token.kind !== 'name') {
      throw this.syntaxError(token);
    }
    if (reservedWords.has(token.text.toUpperCase())) {
      throw invalid(`Invalid ${this.kind}: Attribute name is a reserved keyword; reserved keyword: ${token.text}`);
    }
    return token.text;
  }

  syntaxError(token: Token): Error {
    const near = this.tokens
      .slice(Math.max(0, this.index - 1), this.index + 2)
      .map((one) => (one.kind === 'end' ? '' : one.text));
    return invalid(`Invalid ${this.kind}: Syntax error; token: "${token.text}", near: "${near.join(' ').trim()}"`);
  }
}
