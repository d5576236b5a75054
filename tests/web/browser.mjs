// A browser that a test in another language drives (browser.py): one request a line, one reply a line.
// $VIZINHO_NPM is where tools/packages.sh has put playwright-core and axe-core.
import fs from 'node:fs';
import {createRequire} from 'node:module';
import readline from 'node:readline';

const need = createRequire(process.env.VIZINHO_NPM + '/');
const {chromium} = need('playwright-core');
const axe = fs.readFileSync(need.resolve('axe-core/axe.min.js'), 'utf8');
const jsqr = fs.readFileSync(need.resolve('jsqr'), 'utf8');
// Only a hang takes so long, on a busy machine too.
const PATIENCE_MS = 1000 * (process.env.VIZ_PATIENCE ?? 240);
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const browser = await chromium.launch({executablePath: process.env.CHROMIUM, args: ['--no-sandbox']});
const tabs = [];

async function open({width, lang, js, storage}) {
  const context = await browser.newContext({viewport: {width, height: 780}, locale: lang, javaScriptEnabled: js,
    storageState: storage, acceptDownloads: true});
  const tab = {context, page: await context.newPage(), seen: [], size: {}};
  tab.page.setDefaultTimeout(PATIENCE_MS);
  tab.page.on('request', r => tab.seen.push({url: r.url(), referer: r.headers().referer ?? ''}));
  tab.page.on('response', async r => {
    // Data of a redirect cannot be read.
    tab.size[r.url()] = (await r.body().catch(() => '')).length;
  });
  tab.page.on('pageerror', e => tab.seen.push({url: 'error:' + e, referer: ''}));
  tab.page.on('console', m => m.type() === 'error' && tab.seen.push({url: 'error:' + m.text(), referer: ''}));
  tabs.push(tab);
  return tabs.length - 1;
}

const methods = {
  goto: async (t, url) => (await t.page.goto(url)).status(),
  url: t => t.page.url(),
  html: t => t.page.content(),
  text: t => t.page.locator('main').innerText(),
  head: t => t.page.locator('head').innerHTML(),
  title: t => t.page.title(),
  // by what a person reads on it
  click: async (t, role, name, nth) => {
    await t.page.getByRole(role, {name}).nth(nth ?? 0).click();
    await t.page.waitForLoadState();
  },
  has: (t, role, name) => t.page.getByRole(role, {name}).count(),
  fill: (t, label, value) => t.page.getByLabel(label).fill(value),
  choose: (t, label, value) => t.page.getByLabel(label).selectOption(value),
  value: (t, label) => t.page.getByLabel(label).inputValue(),
  check: (t, role, name, nth, on) => t.page.getByRole(role, {name}).nth(nth ?? 0).setChecked(on ?? true),
  press: async (t, key) => {
    await t.page.keyboard.press(key);
  },
  type: (t, words) => t.page.keyboard.type(words),
  settled: t => t.page.waitForLoadState(),
  // what has the focus, as a screen reader says it
  focus: t => t.page.evaluate(() => {
    const e = document.activeElement;
    return [e.tagName.toLowerCase(), (e.labels?.[0] ?? e).innerText?.trim() ?? ''];
  }),
  wait: (t, words) => t.page.getByText(words).first().waitFor(),
  evaluate: (t, code) => t.page.evaluate(code),
  size: (t, width, height) => t.page.setViewportSize({width, height}),
  picture: (t, path) => t.page.screenshot({path, fullPage: true}),
  print: async (t, on) => t.page.emulateMedia({media: on ? 'print' : null}),
  download: async (t, name) => {
    const [file] = await Promise.all([t.page.waitForEvent('download'), t.page.getByRole('link', {name}).click()]);
    return fs.readFileSync(await file.path(), 'utf8');
  },
  cookies: t => t.context.cookies(),
  seen: t => t.seen.splice(0),
  weight: t => Object.values(t.size).reduce((a, b) => a + b, 0),
  axe: async t => {
    await t.page.evaluate(axe);
    const found = await t.page.evaluate(values => window.axe.run({runOnly: {type: 'tag', values}}), RULES);
    return found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 160)).join(' | ')}`);
  },
  // What the QR code of the page says, read from a picture of it.
  code: async t => {
    await t.page.evaluate(jsqr);
    return t.page.locator('.qr svg').first().evaluate(async svg => {
      const side = svg.viewBox.baseVal.width * 4, canvas = document.createElement('canvas'), picture = new Image();
      const copy = svg.cloneNode(true);
      copy.setAttribute('width', side);
      copy.setAttribute('height', side);
      picture.src = 'data:image/svg+xml,' + encodeURIComponent(copy.outerHTML);
      await picture.decode();
      canvas.width = canvas.height = side;
      const pen = canvas.getContext('2d');
      pen.drawImage(picture, 0, 0);
      return window.jsQR(pen.getImageData(0, 0, side, side).data, side, side)?.data ?? null;
    });
  },
  close: t => t.context.close(),
};

// What looks at a page while the next one comes looks at the next one.
async function run(method, tab, args) {
  for (;;) {
    try {
      return await methods[method](tab, ...args);
    } catch (e) {
      if (!/context was destroyed|because of a navigation|navigating and changing/.test(e.message))
        throw e;
      await tab.page.waitForLoadState();
    }
  }
}

for await (const line of readline.createInterface({input: process.stdin})) {
  const {method, args, tab} = JSON.parse(line);
  let reply;
  try {
    reply = {result: (method === 'open' ? await open(args[0]) : await run(method, tabs[tab], args)) ?? null};
  } catch (e) {
    reply = {error: String(e.message ?? e)};
  }
  process.stdout.write(JSON.stringify(reply) + '\n');
}
await browser.close();
