// @ts-check
/**
 * Gives an attacker back what the cell's prelude takes away, so that the origin and the policy stand alone.
 *
 * Takes: a worker, before any other script has run in it. Gives: `restore()`.
 * Why: a probe that fails because `fetch` is not defined says nothing of the layer that counts.
 */
{
  const scope = /** @type {any} */ (globalThis);
  const define = Object.defineProperty;
  // What is put in the place of something is then as easy to replace again.
  Object.defineProperty = (target, key, descriptor) => define(target, key, { ...descriptor, configurable: true });
  /** @type {[object, PropertyKey, PropertyDescriptor][]} */
  const kept = [];
  for (let at = scope; at !== null; at = Object.getPrototypeOf(at)) {
    for (const key of Reflect.ownKeys(at)) {
      const found = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(at, key));
      if (found.configurable && key !== 'postMessage' && key !== 'onmessage') kept.push([at, key, found]);
    }
  }
  scope.restore = () => {
    Object.defineProperty = define;
    delete scope.navigator;
    for (const [at, key, descriptor] of kept) define(at, key, descriptor);
  };
}
