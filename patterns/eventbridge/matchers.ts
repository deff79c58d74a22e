/** A value of an event: what JSON has but objects and arrays. */
export type Scalar = string | number | boolean | null;

/** Whether one value of an event satisfies one expression of a pattern. */
export type Test = (value: Scalar) => boolean;

/** What is demanded of a field: one of the tests, or, if `absent`, that the field is not there. */
export interface FieldCondition {
  readonly tests: readonly Test[];
  readonly absent: boolean;
}

/** A form in which texts that differ in case only are equal. */
export function fold(text: string): string {
  // Lower case alone keeps apart what shares an upper case, such as the two forms of sigma.
  return text.toUpperCase().toLowerCase();
}
