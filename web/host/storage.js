// @ts-check
/**
 * The host package `storage`: what the browser keeps for this site, for programs that the page trusts with it.
 *
 * Takes: keys and texts; names of databases. Gives: what is stored; integers for open databases. Refuses: the runtime's own
 * database, whose name begins with `edge-python`: it holds modules that later programs run.
 *
 * Nothing else is set apart: a program with `storage` reads and changes what the page itself, and every other program of
 * this site with the same grant, has stored. That is what makes it useful between a page and its programs, and why the
 * page must grant it.
 */
import { definePackage } from './registry.js';
import { createDatabases, explained } from './storage/databases.js';

const FULL = { OSError: 'the browser gives no more space, or lets the page store nothing' };
const BLOCKED = { OSError: 'the browser lets the page store nothing' };
const USED = {
  ValueError: 'the number was never given out',
  LookupError: 'the database has no such store',
  OSError: 'the database is closed, or the browser failed',
};

/**
 * The functions over one of the two areas of texts.
 * @param {'local' | 'session'} name
 * @param {string} keeps
 */
function area(name, keeps) {
  /**
   * @template T
   * @param {(area: Storage) => T} work
   */
  const attempt = (work) => {
    try {
      return work(name === 'local' ? localStorage : sessionStorage);
    } catch (error) {
      throw explained(error, `the ${name} storage of this site`);
    }
  };
  /** @type {import('./registry.js').Group<any>} */
  const group = {
    title: `${name} storage`.replace(/^./, (first) => first.toUpperCase()),
    doc: `Texts by their keys, ${keeps}
The page and all its programs share them. Browsers keep about 5 MiB of them for a site.`,
    functions: [
      {
        signature: `${name}_get(key: str) -> str | None`,
        doc: 'The text of a key; `None` where there is none.',
        raises: BLOCKED,
        run: (_, key) => attempt((storage) => storage.getItem(key)),
      },
      {
        signature: `${name}_set(key: str, value: str) -> None`,
        doc: 'Stores a text.',
        raises: FULL,
        run: (_, key, value) => attempt((storage) => storage.setItem(key, value)),
      },
      {
        signature: `${name}_remove(key: str) -> None`,
        doc: 'Forgets a key; it is no error where it is not there.',
        raises: BLOCKED,
        run: (_, key) => attempt((storage) => storage.removeItem(key)),
      },
      {
        signature: `${name}_keys() -> list[str]`,
        doc: 'All keys, sorted: those of the page too.',
        raises: BLOCKED,
        run: () => attempt((storage) => Array.from({ length: storage.length }, (_, at) => storage.key(at)).sort()),
      },
      {
        signature: `${name}_clear() -> None`,
        doc: 'Forgets all keys: those of the page too.',
        raises: BLOCKED,
        run: () => attempt((storage) => storage.clear()),
      },
    ],
  };
  return group;
}

export const table = definePackage({
  name: 'storage',
  doc: `What the browser keeps for this site: local and session storage, and IndexedDB. The page grants it with
\`grant="storage"\`.

Everything is the site's: the page and all programs with this grant read and change the same keys and databases. Put your
program's name before your keys. Databases whose names begin with \`edge-python\` are the runtime's own, and refused. A reader
can delete all of it at any time.`,
  setup: ({ signal }) => createDatabases(signal),
  types: {
    Database: { is: 'int', called: 'the number of a database (int)', doc: 'An open database: the number that `idb_open` gave.' },
  },
  groups: [
    area('local', 'until somebody deletes them.'),
    area('session', 'until this tab is closed; other tabs have their own.'),
    {
      title: 'Databases',
      doc: `For more than a few texts. A database has a name, a version, and stores: tables of keys and values. Stores are
made while a database is opened with a version that is new; nothing is deleted then. Keys are texts or numbers, and \`1\` is
another key than \`'1'\`. A write is done when the call returns.

Where another tab or program changes or deletes the database, it is closed here: the next call raises \`OSError\`.`,
      functions: [
        {
          signature: "idb_open(name: str, version: int = 1, options: str = '{}') -> Database",
          doc: 'Opens a database, and makes it and its stores where they are new. `options` is JSON text: `\'{"stores": ["notes"]}\'`.',
          raises: {
            ValueError: 'the version or the options are wrong; it has a higher version already; it has this version without such a store',
            PermissionError: "the name is the runtime's",
            OSError: 'it is open elsewhere, and is not let go within 3 seconds; or as with `local_set`',
          },
          run: (databases, name, version, options) => databases.open(name, version, options),
        },
        {
          signature: 'idb_put(db: Database, store: str, key: str | int, value: str | bytes) -> None',
          doc: 'Stores a value; it takes the place of the one that was there. Structure is stored as JSON text.',
          raises: { ...USED, OSError: 'the database is closed, or the browser gives no more space' },
          run: (databases, db, store, key, value) => databases.put(db, store, key, value),
        },
        {
          signature: 'idb_get(db: Database, store: str, key: str | int) -> str | bytes | None',
          doc: 'The value of a key; `None` where there is none. What the page stored comes as the value that it is.',
          raises: USED,
          run: (databases, db, store, key) => databases.get(db, store, key),
        },
        {
          signature: 'idb_delete(db: Database, store: str, key: str | int) -> None',
          doc: 'Forgets a key; it is no error where it is not there.',
          raises: USED,
          run: (databases, db, store, key) => databases.delete(db, store, key),
        },
        {
          signature: 'idb_keys(db: Database, store: str) -> str',
          doc: 'All keys of a store as JSON text: numbers first, in order, then texts.',
          raises: USED,
          run: (databases, db, store) => databases.keys(db, store),
        },
        {
          signature: 'idb_close(db: Database) -> None',
          doc: 'Closes a database. Closing twice is no error.',
          raises: { ValueError: 'the number was never given out' },
          run: (databases, db) => databases.close(db),
        },
        {
          signature: 'idb_drop(name: str) -> None',
          doc: 'Deletes a database with all that is in it; it is no error where there is none.',
          raises: { PermissionError: "the name is the runtime's", OSError: 'it is open elsewhere; it goes when it is closed there' },
          run: (databases, name) => databases.drop(name),
        },
      ],
    },
  ],
});

export const storage = table.factory;
