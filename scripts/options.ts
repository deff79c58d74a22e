import type { Command } from 'commander';

/** Options that every subcommand takes. */
export interface CommonOptions {
  readonly config: string;
  readonly accounts: string;
  readonly json: boolean;
}

/** Adds `--config`, `--accounts` and `--json`. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the configuration', 'garrison.yaml')
    .option('--accounts <file>', 'the accounts: account id, root e-mail, optionally name and ou', 'accounts.csv')
    .option('--json', 'JSON on standard output, everything else on standard error', false);
}
