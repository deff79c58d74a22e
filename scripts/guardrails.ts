import type { Command } from 'commander';
import { registerAgainst } from './guardrails/against';
import { registerAttach } from './guardrails/attach';
import { registerDetach } from './guardrails/detach';
import { registerList } from './guardrails/list';
import { registerPlan } from './guardrails/plan';
import { registerShow } from './guardrails/show';
import { registerTest } from './guardrails/test';
import { registerWrite } from './guardrails/write';
import type { Io } from './io';

const help = `
What the responders would have to undo, made impossible. In this order:
  garrison guardrails list                                 what there is, and what garrison.yaml switches on
  garrison guardrails against logs/                        whom it would have stopped
  garrison guardrails test                                 that it does not stop Garrison
  AWS_PROFILE=management garrison guardrails plan          what would change in the organization
  AWS_PROFILE=management garrison guardrails attach --to Sandbox      one unit first
`;

/** `garrison guardrails …`: policies that prevent, beside responders that react. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('guardrails')
    .description('Policies that make a response unnecessary: look at them, try them, attach them where you ask.')
    .addHelpText('after', help);
  for (const registerOne of [
    registerList,
    registerShow,
    registerWrite,
    registerAgainst,
    registerTest,
    registerPlan,
    registerAttach,
    registerDetach,
  ]) {
    registerOne(command, io);
  }
}
