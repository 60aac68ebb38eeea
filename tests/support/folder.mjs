// @ts-check
/** A folder of made-up files, for tests of the build. Takes: their texts by path. Gives: the folder, gone after `use`. Refuses: nothing. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** @param {Record<string, string>} files @param {(folder: string) => Promise<void>} use */
export async function folderOf(files, use) {
  const folder = await mkdtemp(join(tmpdir(), 'edge-folder-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
