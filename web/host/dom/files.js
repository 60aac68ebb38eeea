// @ts-check
/**
 * `dom`: files that the reader chose or dropped, and files for the reader.
 *
 * Takes: file fields, ids of files, texts and bytes. Gives: ids, names and contents; downloads; addresses of pictures.
 * Refuses: addresses for bytes that could be a document with code; text that is not what its encoding says.
 */
import { PythonError } from '../registry.js';
import { allowShown, changeable } from './safety.js';

/** @typedef {import('../registry.js').Group<import('./page.js').Page>} Group */

/** A download has begun by then; its address is of no more use. */
const DOWNLOAD_MILLISECONDS = 60_000;

/** @param {import('./page.js').Page} page @param {File} file */
export function describeFile(page, file) {
  return { id: page.keep('file', file), name: file.name, size: file.size, type: file.type, modified: file.lastModified / 1000 };
}

/** @param {import('./page.js').Page} page @param {Iterable<File> | null | undefined} files */
export const describeFiles = (page, files) => Array.from(files ?? [], (file) => describeFile(page, file));

/** @param {File} file @param {string} encoding */
async function readText(file, encoding) {
  let decoder;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new PythonError('LookupError', `this browser knows no encoding '${encoding}'`);
  }
  const bytes = await file.arrayBuffer();
  try {
    return decoder.decode(bytes);
  } catch {
    throw new PythonError('ValueError', `'${file.name}' is not text in ${encoding}; read_bytes() reads it as it is`);
  }
}

/** @type {Group} */
export const files = {
  title: 'Files',
  doc: 'A program sees only files that the reader chose in an `<input type="file">`, or dropped or pasted on an element that it listens to.',
  functions: [
    {
      signature: 'get_files(field: Element) -> list[dict]',
      doc: 'The files that are chosen in a field: each with `id`, `name`, `size` in bytes, `type`, `modified` in seconds since 1970.',
      raises: { TypeError: 'for other elements' },
      run: (page, element) => {
        if (changeable(element) instanceof HTMLInputElement && element.type === 'file') return describeFiles(page, element.files);
        throw new PythonError('TypeError', `<${element.localName}> has no files; <input type="file"> has them`);
      },
    },
    {
      signature: "read_text(file: File, encoding: str = 'utf-8') -> str",
      doc: 'All of its text.',
      raises: { ValueError: 'where it is not text in that encoding', LookupError: 'where there is no such encoding', OSError: 'where the file has gone' },
      run: (_, file, encoding) => readText(file, encoding),
    },
    {
      signature: 'read_bytes(file: File, start: int = 0, end: int | None = None) -> bytes',
      doc: 'Its bytes, or a part of them: large files are read piece by piece.',
      raises: { OSError: 'where the file has gone' },
      run: async (_, file, start, end) => new Uint8Array(await file.slice(start, end ?? file.size).arrayBuffer()),
    },
    {
      signature: "download(name: str, content: str | bytes, type: str = '') -> None",
      doc: "Gives the reader a file of that name, as a link for download does. Without a type it is plain text or bytes.",
      run: (_, name, content, type) => {
        const kind = type || (typeof content === 'string' ? 'text/plain;charset=utf-8' : 'application/octet-stream');
        const url = URL.createObjectURL(new Blob([content], { type: kind }));
        const link = document.createElement('a');
        Object.assign(link, { href: url, download: name || 'download', hidden: true });
        document.body.append(link);
        link.click();
        link.remove();
        setTimeout(() => URL.revokeObjectURL(url), DOWNLOAD_MILLISECONDS);
      },
    },
    {
      signature: "make_url(content: File | bytes, type: str = '') -> str",
      doc: 'An address for a picture, a sound or a film, for the `src` of an element. It holds the bytes until `revoke_url`, or the end of the run.',
      raises: { ValueError: 'for types that could run code in the page' },
      run: (page, content, type) => {
        const kind = type || (content instanceof File ? content.type : '');
        allowShown(kind);
        const url = URL.createObjectURL(new Blob([content], { type: kind }));
        page.atEnd(url, () => URL.revokeObjectURL(url));
        return url;
      },
    },
    { signature: 'revoke_url(url: str) -> None', doc: 'Ends an address of `make_url`.', run: (page, url) => page.endNow(url) },
  ],
};
