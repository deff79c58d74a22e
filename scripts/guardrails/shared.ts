import { type ConfiguredGuardrail, configuredGuardrails } from '../../guardrails';
import { GarrisonError } from '../../organization/errors';
import { nearest } from '../../organization/text';
import type { CommonOptions } from '../options';
import { type Files, loadFiles } from '../rollout/files';

/** The two files, and every guardrail as they configure it. */
export interface Configured extends Files {
  readonly guardrails: readonly ConfiguredGuardrail[];
}

/** Reads the files. Throws GarrisonErrors with all their problems at once. */
export function readConfigured(options: CommonOptions): Configured {
  const files = loadFiles(options);
  return { ...files, guardrails: configuredGuardrails(files.config) };
}

/** @throws GarrisonError `guardrail.unknown` */
export function guardrailOf(id: string, { guardrails }: Configured): ConfiguredGuardrail {
  const found = guardrails.find(({ guardrail }) => guardrail.id === id);
  if (!found) {
    const near = nearest(
      id,
      guardrails.map(({ guardrail }) => guardrail.id),
    );
    throw new GarrisonError(
      'guardrail.unknown',
      `there is no guardrail ${id}`,
      near ? `Did you mean ${near}?` : 'See `garrison guardrails list`.',
    );
  }
  return found;
}

/** @throws GarrisonError `guardrail.none` when none is on */
export function requireSome(configured: Configured): void {
  if (configured.guardrails.every(({ off }) => off !== undefined)) {
    throw new GarrisonError(
      'guardrail.none',
      'no guardrail is on in garrison.yaml',
      'Switch some on: `guardrails: { enabled: [leave-organization, keep-guardduty] }`, or `enabled: all`.',
    );
  }
}
