// @ts-check
/**
 * What only a page's script can give an element: tables of packages, which no attribute holds.
 *
 * Takes: `imports`, `hostModules`, `mainThreadModules`, `loaders`, before or after the tag is registered.
 * Gives: them together, and word of each change. Refuses: nothing; what they hold, `createWorker` judges.
 */

/** @typedef {import('./options.js').PageOptions} PageOptions */

/** Called after a change. */
export const pageChanged = Symbol('pageChanged');
/** All of them. */
export const page = Symbol('page');
/** One that was set before the tag was registered hides the accessor: this takes them over. */
export const adopt = Symbol('adopt');

const NAMES = /** @type {const} */ (['imports', 'hostModules', 'mainThreadModules', 'loaders']);

export class ElementWithProperties extends HTMLElement {
  /** @type {PageOptions} */
  #page = { imports: {}, hostModules: {}, mainThreadModules: {}, loaders: [] };

  /** Bare name -> URL of a module, as a root manifest. Set it before the element runs, or it starts again. */
  get imports() {
    return this.#page.imports;
  }

  set imports(value) {
    this.#set('imports', value);
  }

  /** Bare name -> URL of a host package. */
  get hostModules() {
    return this.#page.hostModules;
  }

  set hostModules(value) {
    this.#set('hostModules', value);
  }

  /** Bare name -> handlers or factory of a host package. */
  get mainThreadModules() {
    return this.#page.mainThreadModules;
  }

  set mainThreadModules(value) {
    this.#set('mainThreadModules', value);
  }

  /** URLs of loaders for native modules of other kinds. */
  get loaders() {
    return this.#page.loaders;
  }

  set loaders(value) {
    this.#set('loaders', value);
  }

  get [page]() {
    return this.#page;
  }

  [pageChanged]() {}

  [adopt]() {
    const self = /** @type {any} */ (this);
    for (const name of NAMES) {
      if (!Object.hasOwn(this, name)) continue;
      const value = self[name];
      delete self[name];
      self[name] = value;
    }
  }

  /**
   * @param {(typeof NAMES)[number]} name
   * @param {Record<string, any> | string[]} value
   */
  #set(name, value) {
    this.#page = { ...this.#page, [name]: Array.isArray(value) ? [...value] : { ...value } };
    this[pageChanged]();
  }
}
