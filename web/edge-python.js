// @ts-check
/**
 * The one script of a page: loading it registers `<edge-python>`.
 *
 * Takes: nothing, or `?setElement=false` in its own address, which registers nothing.
 * Gives: `defineElement`, `createWorker`, `EdgePythonElement`.
 * Refuses: a tag that is already another class's.
 *
 * The least that a page's content policy must allow, here with everything on the page's own origin:
 *   default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'
 * The frame is the engine's; no `style-src` is needed. Where these files come from a CDN, its
 * origin goes into `script-src`, `connect-src` and `frame-src`; origins of URL modules into `connect-src`, of host packages into
 * `script-src`. `require-trusted-types-for 'script'` is not supported.
 *
 * The build puts this file at the root of `dist/`, with imports that lead into the folder named by the build's digest, where few modules
 * are made of many.
 */

import { createWorker } from './client.js';
import { EdgePythonElement, defineElement } from './element/define.js';

export { EdgePythonElement, createWorker, defineElement };

if (new URL(import.meta.url).searchParams.get('setElement') !== 'false') defineElement();
