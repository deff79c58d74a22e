import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startOrganization, type TestOrganization } from '../support/localOrganization';

const garrison = join(__dirname, '..', '..', 'bin', 'garrison.js');
const kills = 10;
const regions = ['us-east-1', 'eu-west-1'];

/** `garrison apply` in a process of its own, killed after `milliseconds`; resolves with how long it ran. */
async function applyKilledAfter(milliseconds: number, organization: TestOrganization): Promise<number> {
  const started = Date.now();
  const child = spawn(process.execPath, [garrison, 'apply', ...organization.files], {
    env: { PATH: process.env.PATH, ...organization.environment('security') },
    stdio: 'ignore',
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  await once(child, 'exit');
  clearTimeout(timer);
  return Date.now() - started;
}

test(`apply, killed at ${kills} random moments and run again, ends where an undisturbed run ends`, async () => {
  const undisturbed = await startOrganization(1, regions);
  await undisturbed.garrison('management', 'bootstrap');
  const duration = await applyKilledAfter(60_000, undisturbed);
  const expected = JSON.parse((await undisturbed.garrison('security', 'verify', '--json')).stdout);
  expect(expected).toMatchObject({ ok: true, summary: '6 of 6 cells guarded' });
  await undisturbed.sandbox.close();

  for (let kill = 0; kill < kills; kill++) {
    const organization = await startOrganization(1, regions);
    await organization.garrison('management', 'bootstrap');
    const moment = Math.random() * duration;
    await applyKilledAfter(moment, organization);
    const second = await organization.garrison('security', 'apply', '--json');
    const verified = await organization.garrison('security', 'verify', '--json');
    const where = `killed after ${Math.round(moment)} of ${duration} ms`;
    expect({ where, code: second.code, errors: second.stderr }).toEqual({
      where,
      code: 0,
      errors: expect.not.stringContaining('error'),
    });
    expect({ where, ...JSON.parse(verified.stdout) }).toEqual({ where, ...expected });
    await organization.sandbox.close();
  }
}, 170_000);
