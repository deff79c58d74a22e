import type { Command } from 'commander';
import type { Io } from './io';
import { registerImages } from './responders/images';
import { registerList } from './responders/list';
import { registerLog } from './responders/log';
import { registerTry } from './responders/try';
import { registerUndo } from './responders/undo';

/** `garrison responders …`: what answers to events by itself, what it would do, what it did, and how to take it back. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('responders')
    .description('What answers to events by itself: look at it, try it without effect, read its log, undo it.');
  for (const registerOne of [registerList, registerTry, registerLog, registerUndo, registerImages]) {
    registerOne(command, io);
  }
}
