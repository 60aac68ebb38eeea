// @ts-check
/** Every fixture program of tests/programs that waits: what it prints here is what it prints on the command line. */
import { equal, sharedWorker, test } from './suite.js';

/** @type {{ name: string, input: string[], out: string, exitCode: number }[]} */
const programs = await (await fetch('/programs.json')).json();

for (const { name, input, out, exitCode } of programs) {
  test(name, async () => {
    const result = await (await sharedWorker()).runEntry(`${location.origin}/p/${name}/main.py`, { input });
    equal(result.out.trimEnd(), out.trimEnd(), 'what it printed');
    equal(result.exitCode, exitCode, 'its exit code');
  });
}
