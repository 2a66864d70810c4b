// Measures, for tests/bench/page: ROUNDS times in a new profile each, the page for the first time,
// the same once more, and an empty page. Prints the medians.
//
//   MP3CONV_SERVER=… node page.mjs ROUNDS
import { createServer } from "node:http";
import { launch, server } from "./browser.mjs";

const rounds = Number(process.argv[2]);

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// Returns when the first paint was (ms from the start of navigation) and what crossed the line.
async function measure(page, line, url) {
  let requests = 0;
  let bytes = 0;
  const count = () => requests++;
  const add = ({ encodedDataLength }) => (bytes += encodedDataLength);
  line.on("Network.requestWillBeSent", count);
  line.on("Network.loadingFinished", add);
  await page.goto(url, { waitUntil: "networkidle" });
  line.off("Network.requestWillBeSent", count);
  line.off("Network.loadingFinished", add);
  const paint_ms = await page.evaluate(() =>
    performance.getEntriesByName("first-contentful-paint")[0].startTime);
  return { paint_ms, requests, bytes };
}

async function visit(url) {
  const browser = await launch();
  try {
    const page = await (await browser.newContext()).newPage();
    const line = await page.context().newCDPSession(page);
    await line.send("Network.enable");
    return [await measure(page, line, url), await measure(page, line, url)];
  } finally {
    await browser.close();
  }
}

const empty = createServer((_, answer) => {
  answer.setHeader("Content-Type", "text/html");
  answer.end('<!doctype html><link rel="icon" href="data:,"><title>Empty</title>Nothing.');
});
await new Promise((listening) => empty.listen(0, "127.0.0.1", listening));

const rows = { "first visit": [], "once more": [], "empty page": [] };
for (let round = 0; round < rounds; round++) {
  const [first, again] = await visit(`${server}/`);
  rows["first visit"].push(first);
  rows["once more"].push(again);
  rows["empty page"].push((await visit(`http://127.0.0.1:${empty.address().port}/`))[0]);
}
empty.close();

const of = (name, what) => median(rows[name].map((row) => row[what]));
for (const name of Object.keys(rows)) {
  const paint_ms = of(name, "paint_ms");
  const ratio = (paint_ms / of("empty page", "paint_ms")).toFixed(2);
  console.log(`${name.padEnd(12)} first paint ${paint_ms.toFixed(0).padStart(4)} ms  ` +
    `${ratio.padStart(5)} of an empty page's  ${String(of(name, "requests")).padStart(3)} requests  ` +
    `${(of(name, "bytes") / 1000).toFixed(1).padStart(6)} kB over the line`);
}
