import { InvalidEventPatternError } from './errors';

/** A JSON token. `text` of a string is its value, of a number its text in the source. */
export interface Token {
  readonly kind: 'object' | 'array' | 'end object' | 'end array' | 'string' | 'number' | 'boolean' | 'null';
  readonly text: string;
}

const anyValue = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const whitespace = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /[A-Za-z0-9_$]+/y;
const quoted = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"/y;
const closing: Readonly<Record<string, Token>> = {
  '}': { kind: 'end object', text: '}' },
  ']': { kind: 'end array', text: ']' },
};
const literals: Readonly<Record<string, Token>> = {
  true: { kind: 'boolean', text: 'true' },
  false: { kind: 'boolean', text: 'false' },
  null: { kind: 'null', text: 'null' },
};

/**
 * Reads the JSON text of a pattern token by token: `JSON.parse` forgets what EventBridge keeps (a key that stands
 * twice, the text of a number, the place of an error).
 */
export class PatternReader {
  private position = 0;
  private valueStart = 0;
  /** After which containers a comma is due. */
  private readonly expectComma: boolean[] = [];

  constructor(private readonly source: string) {}

  /** The value at the top of the text. */
  first(): Token {
    return this.value();
  }

  /** The next key of the object that is open, or undefined at its end. */
  key(): string | undefined {
    this.skipWhitespace();
    if (this.source[this.position] === '}') {
      return this.close();
    }
    this.comma('Object');
    if (this.source[this.position] !== '"') {
      throw this.unexpected('was expecting double-quote to start field name');
    }
    const name = this.quotedString();
    this.skipWhitespace();
    if (this.source[this.position] !== ':') {
      throw this.unexpected('was expecting a colon to separate field name and value');
    }
    this.position += 1;
    return name;
  }

  /** The next element of the array that is open; `end array` closes it. */
  element(): Token {
    this.skipWhitespace();
    if (this.source[this.position] === ']') {
      this.close();
      return closing[']'] as Token;
    }
    this.comma('Array');
    return this.value();
  }

  /** The value of the key that was just read. */
  value(): Token {
    this.skipWhitespace();
    this.valueStart = this.position;
    const character = this.source[this.position];
    if (character === '{' || character === '[') {
      this.position += 1;
      this.expectComma.push(false);
      return { kind: character === '{' ? 'object' : 'array', text: character };
    }
    if (character === '"') {
      return { kind: 'string', text: this.quotedString() };
    }
    return this.numberOrLiteral();
  }

  /** An error at the place up to which the text was read. */
  error(reason: string, position = this.position): InvalidEventPatternError {
    const before = this.source.slice(0, position);
    const line = before.split('\n').length;
    const column = position - before.lastIndexOf('\n');
    const shown =
      this.source.length > 500
        ? `${this.source.slice(0, 500)}"[truncated ${this.source.length - 500} chars]`
        : `${this.source}"`;
    return new InvalidEventPatternError(reason, `at [Source: (String)"${shown}; line: ${line}, column: ${column}]`);
  }

  /** As `error`, for a value that the service has only begun to look at: of a string, the opening quote. */
  errorAtValue(reason: string, token: Token): InvalidEventPatternError {
    return this.error(reason, token.kind === 'string' ? this.valueStart + 1 : this.position);
  }

  private close(): undefined {
    this.position += 1;
    this.expectComma.pop();
    return undefined;
  }

  private comma(container: string): void {
    const top = this.expectComma.length - 1;
    if (this.expectComma[top]) {
      if (this.source[this.position] !== ',') {
        throw this.unexpected(`was expecting comma to separate ${container} entries`);
      }
      this.position += 1;
      this.skipWhitespace();
    }
    this.expectComma[top] = true;
  }

  private skipWhitespace(): void {
    whitespace.lastIndex = this.position;
    whitespace.test(this.source);
    this.position = whitespace.lastIndex;
  }

  private quotedString(): string {
    quoted.lastIndex = this.position;
    if (!quoted.test(this.source)) {
      throw this.error('Unexpected end-of-input in VALUE_STRING', this.source.length);
    }
    const text = this.source.slice(this.position, quoted.lastIndex);
    this.position = quoted.lastIndex;
    try {
      return JSON.parse(text) as string;
    } catch {
      throw this.error('Illegal character or unrecognized escape in a JSON String');
    }
  }

  private numberOrLiteral(): Token {
    number.lastIndex = this.position;
    if (number.test(this.source)) {
      const text = this.source.slice(this.position, number.lastIndex);
      this.position = number.lastIndex;
      return { kind: 'number', text };
    }
    word.lastIndex = this.position;
    if (!word.test(this.source)) {
      throw this.unexpected('expected a valid value');
    }
    const text = this.source.slice(this.position, word.lastIndex);
    this.position = word.lastIndex;
    const literal = Object.hasOwn(literals, text) ? literals[text] : undefined;
    if (!literal) {
      throw this.error(`Unrecognized token '${text}': was expecting ${anyValue}`);
    }
    return literal;
  }

  private unexpected(expected: string): InvalidEventPatternError {
    const character = this.source[this.position];
    if (character === undefined) {
      return this.error('Unexpected end-of-input');
    }
    return this.error(
      `Unexpected character ('${character}' (code ${character.codePointAt(0)})): ${expected}`,
      this.position + 1,
    );
  }
}
