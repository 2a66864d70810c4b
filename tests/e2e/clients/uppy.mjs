// Uploads FILE to SERVER with Uppy in a browser, and prints the upload's address.
//
//   TOKEN=… node uppy.mjs SERVER FILE
//
// A page may speak only to the server that it came from, so the page and what SERVER answers come
// from one address here. Needs uppy.js, which esbuild makes of uppy_page.js.
import { createReadStream } from "node:fs";
import { createServer, request } from "node:http";
import { chromium } from "playwright-core";

const [server, file] = process.argv.slice(2);
const pages = { "/": "uppy.html", "/uppy.js": "uppy.js" };

function forward(incoming, answer) {
  const { method, headers } = incoming;
  const outgoing = request(server + incoming.url, { method, headers, agent: false });
  outgoing.on("response", (real) => {
    answer.writeHead(real.statusCode, real.headers);
    real.pipe(answer);
  });
  // A line that breaks behind this server has to look broken before it, too.
  outgoing.on("error", () => incoming.socket.destroy());
  incoming.pipe(outgoing);
}

const site = createServer((incoming, answer) => {
  const page = pages[incoming.url];
  if (!page) return forward(incoming, answer);
  createReadStream(new URL(page, import.meta.url)).pipe(answer);
});
await new Promise((listening) => site.listen(0, "127.0.0.1", listening));

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  chromiumSandbox: false, // which root cannot have
  args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${site.address().port}/`);
  await page.setInputFiles("input", file);
  console.log(await page.evaluate((token) => window.upload(token), process.env.TOKEN));
} finally {
  await browser.close();
  site.close();
  site.closeAllConnections();
}
