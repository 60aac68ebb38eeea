// @ts-check
/**
 * Firefox for tests: one process that visits pages when it is told to, and says what they reported.
 *
 * Takes: the path of a Firefox as its argument; on standard input one JSON object a line, `Visit`.
 * Gives: on standard output one line for the start, `{ version }`, then one for each visit:
 * `{ results, uncaught, said }`, or `{ failure, said }` where the page reported nothing in time.
 * Refuses: nothing; the end of input is the end of the browser.
 *
 * It is `tests/support/drivers.py` that talks to it, and that says what a page is to do.
 */
import { createInterface } from 'node:readline';
import puppeteer from 'puppeteer-core';

/** @typedef {{ url: string, beside: string[], timeout: number, listener: string, reported: string }} Visit */

/** @param {object} line */
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/**
 * @param {import('puppeteer-core').Browser} browser
 * @param {Visit} visit
 */
async function visited(browser, { url, beside, timeout, listener, reported }) {
  /** @type {string[]} */
  const said = [];
  const context = await browser.createBrowserContext();
  /** @param {string} address */
  const open = async (address) => {
    const page = await context.newPage();
    page.on('console', (message) => said.push(`console.${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(`error: ${error instanceof Error ? error.message : String(error)}`));
    await page.evaluateOnNewDocument(listener);
    await page.goto(address, { timeout });
    return page;
  };
  try {
    for (const address of beside) await (await open(address)).waitForFunction('window.ready === true', { timeout });
    const page = await open(url);
    await page.waitForFunction(reported, { timeout });
    const [results, uncaught] = /** @type {[unknown, string[]]} */ (await page.evaluate('[window.results, window.uncaught]'));
    return { results, uncaught, said };
  } catch (error) {
    return { failure: /** @type {Error} */ (error).message, said };
  } finally {
    await context.close();
  }
}

const browser = await puppeteer.launch({
  browser: 'firefox',
  executablePath: String(process.argv[2]),
  headless: ['', '0'].includes(process.env.HEADED ?? ''),
  extraPrefsFirefox: {
    // It talks to the test's own servers and to nothing else.
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'browser.safebrowsing.provider.mozilla.updateURL': '',
    'services.settings.server': 'data:,',
    'app.normandy.enabled': false,
  },
});
say({ version: await browser.version() });
for await (const line of createInterface({ input: process.stdin })) say(await visited(browser, JSON.parse(line)));
await browser.close();
