import type { Command } from 'commander';
import { registerCompile } from './detections/compile';
import { registerExplain } from './detections/explain';
import { registerList } from './detections/list';
import { registerLogFiles } from './detections/logFiles';
import { registerMatch } from './detections/match';
import { registerNew } from './detections/new';
import { registerPush } from './detections/push';
import { registerTest } from './detections/test';
import type { Io } from './io';

/** `garrison detections …`: the catalog, what it compiles to, and local trials. */
export function register(program: Command, io: Io): void {
  const command = program
    .command('detections')
    .description('The catalog of CloudTrail detections: look at it, try it, compile it for what watches.');
  for (const registerOne of [
    registerList,
    registerTest,
    registerCompile,
    registerExplain,
    registerMatch,
    registerPush,
    registerLogFiles,
    registerNew,
  ]) {
    registerOne(command, io);
  }
}
