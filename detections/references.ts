/**
 * The recommendation on monitoring with this number in every version of the CIS AWS Foundations Benchmark that has it:
 * section 3 in 1.2, section 4 from 1.4 to 5.0, section 5 since. The fifteenth is younger than 1.2.
 */
export function cisMonitoring(number: number): string[] {
  const section4 = ['1.4', '1.5', '2.0', '3.0', '4.0.1', '5.0'].map((version) => `${version}:4.${number}`);
  const section5 = ['6.0', '7.0'].map((version) => `${version}:5.${number}`);
  return [...(number < 15 ? [`1.2:3.${number}`] : []), ...section4, ...section5];
}

/** A chain of `||` over event names, as the controls write it. */
export function eventNames(names: readonly string[]): string {
  return names.map((name) => `($.eventName=${name})`).join(' || ');
}
