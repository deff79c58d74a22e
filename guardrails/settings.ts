import type { Config } from '../organization/config';
import type { GuardrailsConfiguration } from '../organization/config/guardrails';
import { nearest, quoted } from '../organization/text';
import { catalog } from './catalog';
import type { Guardrail, GuardrailContext, Settings } from './guardrail';
import { ownPolicies, ownRoles } from './ownRoles';
import type { Statement } from './statement';

/** A guardrail as the configuration has it. */
export interface ConfiguredGuardrail {
  readonly guardrail: Guardrail;
  readonly settings: Settings;
  /** Why it is not written; absent when it is. */
  readonly off?: string;
  /** What it would be written as, if it were on and its parameters are there. */
  readonly statements: readonly Statement[];
}

/** A mistake in the section; `path` leads to it within the section. */
export interface SettingsProblem {
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy: string;
}

/** The part of the configuration that guardrails need. */
export type GuardrailsConfig = Config & { readonly guardrails: GuardrailsConfiguration };

/** Every guardrail of the catalog, in its order, on or off. Expects a configuration without problems. */
export function configuredGuardrails(config: GuardrailsConfig): ConfiguredGuardrail[] {
  return catalog.map((guardrail) => {
    const settings = settingsOf(guardrail, config);
    const missing = missingParameters(guardrail, settings);
    return {
      guardrail,
      settings,
      off: offBecause(guardrail, missing, config.guardrails),
      statements: missing.length > 0 ? [] : guardrail.statements(settings, contextFor(guardrail, config)),
    };
  });
}

/** What the section asks that the catalog does not have or take: all of it at once. Pure. */
export function guardrailProblems(config: GuardrailsConfig): SettingsProblem[] {
  const { enabled, disabled, settings, exemptions } = config.guardrails;
  return [
    ...(typeof enabled === 'string' ? [] : unknownIds(enabled, 'enabled')),
    ...unknownIds(disabled, 'disabled'),
    ...Object.keys(exemptions).flatMap((id) => unknownId(id, ['exemptions', id])),
    ...Object.entries(settings).flatMap(([id, values]) => settingProblems(id, values)),
    ...catalog.flatMap((guardrail) => togetherProblems(guardrail, config)),
  ];
}

function offBecause(
  { id }: Guardrail,
  missing: readonly string[],
  { enabled, disabled }: GuardrailsConfiguration,
): string | undefined {
  if (disabled.includes(id)) {
    return 'disabled';
  }
  if (enabled === 'none' || (enabled !== 'all' && !enabled.includes(id))) {
    return 'not enabled';
  }
  return missing.length > 0 ? `needs ${missing.join(' or ')}` : undefined;
}

function missingParameters({ needs = [] }: Guardrail, settings: Settings): readonly string[] {
  return needs.every((name) => settings[name]?.length === 0) ? needs : [];
}

function settingsOf({ id, parameters }: Guardrail, config: GuardrailsConfig): Settings {
  const given = config.guardrails.settings[id];
  return Object.fromEntries(
    Object.entries(parameters).map(([name, { default: fallback, elsewhere }]) => [
      name,
      // A guardrail that has settings of its own means them: lists of two places are not mixed.
      given ? (given[name] ?? fallback) : (elsewhere?.(config) ?? fallback),
    ]),
  );
}

function contextFor({ id }: Guardrail, config: GuardrailsConfig): GuardrailContext {
  const { exempt, exemptions } = config.guardrails;
  return {
    partition: config.partition,
    securityAccountId: config.securityAccount,
    homeRegion: config.homeRegion,
    own: ownRoles(config),
    ownPolicies: ownPolicies(config),
    exempt: [...exempt, ...(exemptions[id] ?? [])],
    exemptAnywhere: [...exempt, ...Object.values(exemptions).flat()],
  };
}

function unknownIds(ids: readonly string[], list: string): SettingsProblem[] {
  return ids.flatMap((id, index) => unknownId(id, [list, String(index)]));
}

function unknownId(id: string, path: readonly string[]): SettingsProblem[] {
  const known = catalog.map((guardrail) => guardrail.id);
  const near = nearest(id, known);
  return known.includes(id)
    ? []
    : [
        {
          path,
          message: `there is no guardrail ${quoted(id)}`,
          remedy: near ? `Did you mean ${near}?` : 'See `garrison guardrails list`.',
        },
      ];
}

function settingProblems(id: string, values: Readonly<Record<string, readonly string[]>>): SettingsProblem[] {
  const guardrail = catalog.find((candidate) => candidate.id === id);
  if (!guardrail) {
    return unknownId(id, ['settings', id]);
  }
  return Object.entries(values).flatMap(([name, texts]) => {
    const path = ['settings', id, name];
    const parameter = Object.hasOwn(guardrail.parameters, name) ? guardrail.parameters[name] : undefined;
    if (!parameter) {
      const known = Object.keys(guardrail.parameters);
      const near = nearest(name, known);
      const remedy = near ? `Did you mean ${near}?` : `Its parameters: ${known.join(', ') || 'none'}.`;
      return [{ path, message: `${id} has no parameter ${quoted(name)}`, remedy }];
    }
    return texts.flatMap((text, index) =>
      parameter.pattern.test(text)
        ? []
        : [
            {
              path: [...path, String(index)],
              message: `${quoted(text)} is not as needed`,
              remedy: `Give ${parameter.wanted}.`,
            },
          ],
    );
  });
}

function togetherProblems(guardrail: Guardrail, config: GuardrailsConfig): SettingsProblem[] {
  const settings = settingsOf(guardrail, config);
  const { enabled, disabled } = config.guardrails;
  const asked = Array.isArray(enabled) && enabled.includes(guardrail.id) && !disabled.includes(guardrail.id);
  const missing = asked ? missingParameters(guardrail, settings) : [];
  return [
    ...missing.slice(0, 1).map(() => ({
      path: ['enabled', String(Array.isArray(enabled) ? enabled.indexOf(guardrail.id) : 0)],
      message: `${guardrail.id} says nothing until ${missing.join(' or ')} is set`,
      remedy: `Set it under guardrails.settings.${guardrail.id}.`,
    })),
    ...(guardrail.check?.(settings, contextFor(guardrail, config)) ?? []).map(({ parameter, message, remedy }) => ({
      path: ['settings', guardrail.id, parameter],
      message,
      remedy,
    })),
  ];
}
