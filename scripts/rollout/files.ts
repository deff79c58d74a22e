import { resolve } from 'node:path';
import { desiredSettings } from '../../guardduty';
import type { Account } from '../../organization/accounts';
import { loadAccounts } from '../../organization/accountsFile';
import { type Config, checkNames, loadConfig } from '../../organization/config';
import { GarrisonError, GarrisonErrors } from '../../organization/errors';
import { checkOwnStackSets } from '../../organization/ownStackSets';
import type { CommonOptions } from '../options';
import { detectionProblems } from './detectionProblems';
import { guardrailConfigProblems } from './guardrailProblems';
import { responderProblems } from './responderProblems';

/** The two files, checked, and their absolute paths. */
export interface Files {
  readonly config: Config;
  readonly accounts: readonly Account[];
  /** ARNs of roles that count as privileged by their policies, once the accounts were asked. */
  readonly administrators?: readonly string[];
  readonly paths: { readonly config: string; readonly accounts: string };
}

/**
 * Reads both files before anything is called.
 *
 * @throws GarrisonErrors with the problems of both at once
 */
export function loadFiles(options: CommonOptions): Files {
  const problems: GarrisonError[] = [];
  const config = collecting(problems, () => loadConfig(options.config));
  const accounts = collecting(problems, () => loadAccounts(options.accounts, config));
  const uncompilable = config ? detectionProblems(config) : [];
  if (config) {
    problems.push(...uncompilable, ...guardrailConfigProblems(config));
  }
  if (config && accounts) {
    collecting(problems, () => checkNames(config, accounts));
    collecting(problems, () => checkOwnStackSets(config, accounts, options.config));
    // The lists' files, too, before anything is called.
    collecting(problems, () => desiredSettings(config, options.config));
  }
  if (config && accounts && uncompilable.length === 0) {
    problems.push(...responderProblems(config, accounts));
  }
  if (!config || !accounts || problems.length > 0) {
    throw new GarrisonErrors(problems);
  }
  return { config, accounts, paths: { config: resolve(options.config), accounts: resolve(options.accounts) } };
}

function collecting<T>(problems: GarrisonError[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof GarrisonErrors) {
      problems.push(...error.problems);
    } else if (error instanceof GarrisonError) {
      problems.push(error);
    } else {
      throw error;
    }
    return undefined;
  }
}
