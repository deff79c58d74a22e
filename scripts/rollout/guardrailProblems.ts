import { guardrailProblems } from '../../guardrails';
import { type Config, configProblem } from '../../organization/config';
import type { GarrisonError } from '../../organization/errors';

/** What the section `guardrails` of `garrison.yaml` asks of the catalog and the catalog does not have, with lines. */
export function guardrailConfigProblems(config: Config): GarrisonError[] {
  return guardrailProblems(config).map(({ path, message, remedy }) =>
    configProblem(config, ['guardrails', ...path], `cannot be: ${message}`, remedy),
  );
}
