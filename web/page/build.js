// @ts-check
/**
 * What the build knows of the runtime beside these files. The build puts a file with the same name in this one's place.
 *
 * Takes: nothing. Gives: `RUNTIME`: the contents of runtime/manifest.json and of frame.html; null where nothing was built.
 * Refuses: nothing.
 */

/** @type {{ manifest: import('./runtime.js').Manifest, frame: string } | null} */
export const RUNTIME = null;
