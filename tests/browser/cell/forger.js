// @ts-check
/**
 * An engine that says what no honest engine would. One that is not told how to behave is honest.
 *
 * Takes: in the arguments of a run, the name of a way to misbehave. Gives: that, from inside of a real cell.
 * Refuses: nothing. A flood does not end by itself, and does not listen.
 */
{
  const scope = /** @type {any} */ (globalThis);
  const ending = { ok: true, error: null, exitCode: 0, phases: { link: 0, compile: 0, run: 0 } };
  let run = 0;
  let heard = 0;
  /** @param {{ type: string, [field: string]: any }} message */
  const say = (message) => scope.postMessage({ run, ...message });
  const asks = (/** @type {any[]} */ questions) => say({ type: 'asks', heard, used: 0, idle: true, questions, forgotten: [] });
  const call = (/** @type {number} */ number, /** @type {string} */ module, name = 'f', args = [7, 0]) => ({ call: number, what: 'call', module, name, args });
  const done = () => say({ type: 'done', ending });
  const linked = () => say({ type: 'linked', root: '/', keys: [], hosts: ['page'], diagnostics: [] });
  const print = (/** @type {string} */ text) => say({ type: 'output', stream: 'stdout', text });
  const local = (/** @type {string} */ location) => ({ key: location, kind: 'module', spec: location, location, remote: false, integrity: null });
  const host = (/** @type {string} */ spec) => ({ key: spec, kind: 'host', spec, location: `/${spec}.js`, remote: false, integrity: null });
  let count = 0;
  /** Once the program is linked, without an end. @param {() => void} message */
  const flood = (message) => ({ committed: () => { for (;;) message(); } });

  /** What each way does at which message of the page's; what it does not say is done honestly. @type {Record<string, Record<string, (data: any) => void>>} */
  const ways = {
    honest: { committed: () => { print('fine'); done(); } },

    // Malformed, and at the wrong time.
    unknown: { committed: () => say({ type: 'eval', code: '1' }) },
    malformed: { committed: () => say({ type: 'output', stream: 'stdout', text: 7 }) },
    notAnObject: { committed: () => scope.postMessage(null) },
    sparse: { run: () => say({ type: 'needs', batch: 1, root: '/', needs: new Array(50) }) },
    nested: {
      committed: () => {
        let deep = {};
        for (let level = 0; level < 1000; level += 1) deep = { deep };
        say({ type: 'done', ending: deep });
      },
    },
    twice: { committed: linked },
    late: { committed: () => say({ type: 'needs', batch: 1, root: '/', needs: [local('/late.py')] }) },
    foreignManifest: { run: () => say({ type: 'needs', batch: 1, root: '/', needs: [{ ...local('/late.json'), kind: 'manifest' }] }) },

    // Oversized.
    hugeText: { committed: () => print('x'.repeat(2 ** 24 + 1)) },
    hugeList: { run: () => say({ type: 'needs', batch: 1, root: '/', needs: new Array(100_001).fill(local('/late.py')) }) },
    hugeArguments: { committed: () => asks([call(1, 'page', 'f', new Array(4_000_001).fill(0))]) },

    // Well formed, and endless.
    floodOfGarbage: flood(() => say({ type: 'eval' })),
    floodOfPrints: flood(() => print('x')),
    floodOfOutput: flood(() => print('x'.repeat(100_000))),
    floodOfCalls: flood(() => asks([call((count += 1), 'page', 'wait')])),
    floodOfStrangersCalls: flood(() => asks([call((count += 1), 'other')])),
    floodOfWaits: flood(() => asks([{ call: (count += 1), what: 'receive', text: '' }])),
    floodOfForgotten: flood(() => say({ type: 'asks', heard, used: 0, idle: true, questions: [call((count += 1), 'page', 'wait')], forgotten: count > 1 ? [count - 1] : [] })),
    floodOfIdling: flood(() => { asks([]); say({ type: 'awake', used: 0 }); }),
    floodOfAnswers: flood(() => scope.postMessage({ type: 'answer', ask: (count += 1), ok: true, text: '' })),
    floodOfStrays: flood(() => say({ type: 'output', run: run + 7, stream: 'stdout', text: 'x'.repeat(1000) })),
    floodOfStarts: flood(() => scope.postMessage({ type: 'booted', ms: 1, waits: true })),
    floodOfBallast: flood(() => say({ type: 'output', stream: 'stdout', text: '', ballast: new Uint8Array(1_000_000) })),
    floodOfNeeds: { run: () => { for (;;) say({ type: 'needs', batch: (count += 1), root: '/', needs: [local(`/late${count}.py`)] }); } },

    // The page's own powers.
    packages: {
      run: () => say({ type: 'needs', batch: 1, root: '/', needs: ['evil', 'dom', '__proto__', 'page'].map(host) }),
      supplied: (data) => {
        print(JSON.stringify(data.outcomes.map((/** @type {any} */ { kind }) => kind)));
        say({ type: 'linked', root: '/', keys: [], hosts: ['evil', 'dom', 'page'], diagnostics: [] });
      },
      committed: () => asks(['evil', 'dom', 'other', 'page'].map((module, at) => call(at + 1, module))),
      returned: ({ answers }) => {
        for (const { call: number, ok } of answers) print(JSON.stringify([number, ok]));
        if (heard === 4) done();
      },
    },
  };
  let way = ways.honest;
  scope.onmessage = (/** @type {MessageEvent} */ { data }) => {
    if (data.type === 'boot') return scope.postMessage({ type: 'booted', ms: 1, waits: true });
    if (data.type === 'returned') heard += data.answers.length;
    if (data.type === 'run') [run, heard] = [data.run, 0];
    if (data.type === 'run') [run, way, count] = [data.run, ways[data.options.args[0] ?? 'honest'], 0];
    const does = way?.[data.type];
    if (does) return does(data);
    if (data.type === 'run') linked();
    return undefined;
  };
}
