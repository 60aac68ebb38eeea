// @ts-check
/**
 * An engine that is an attacker: it runs where a broken-out Python would.
 *
 * Takes: the protocol's messages; in the arguments of a run, the plan for `attack` (probes.js, which stands before this).
 * Gives: an honest start and an honest end; what the attack found as the program's output.
 */
{
  const scope = /** @type {any} */ (globalThis);
  scope.restore?.(); // saver.js: what the cell's prelude took away
  const say = (/** @type {object} */ message) => scope.postMessage(message);
  const phases = { link: 0, compile: 0, run: 0 };
  scope.onmessage = async (/** @type {MessageEvent} */ { data }) => {
    const { type, run } = data;
    if (type === 'boot') say({ type: 'booted', ms: 1, waits: true });
    if (type === 'run') {
      scope.plan = JSON.parse(data.options.args[0]);
      say({ type: 'linked', run, root: '/', keys: [], hosts: [], diagnostics: [] });
    }
    if (type === 'committed') {
      say({ type: 'output', run, stream: 'stdout', text: JSON.stringify(await scope.attack(scope.plan)) });
      say({ type: 'done', run, ending: { ok: true, error: null, exitCode: 0, phases } });
    }
  };
}
