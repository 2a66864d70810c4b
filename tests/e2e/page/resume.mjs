// Sends FILE over a line that breaks twice, then over one that hangs until the page is loaded anew,
// and looks how much of it went up after that.
//
//   node resume.mjs FILE
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { basename } from "node:path";
import { isReady, logIn, register, rowOf, visit } from "./browser.mjs";
import { badLine } from "./line.mjs";

const [file] = process.argv.slice(2);
const name = basename(file);
const mp3 = name.replace(/\.[^.]*$/, ".mp3");
const size = statSync(file).size;
const email = "anna@example.org";

const breaking = await badLine("1500000", "1000000");
await visit(async (page) => {
  await register(page, email);
  await page.getByLabel(/Drop videos here/).setInputFiles(file);
  await rowOf(page, name).getByText(/trying again$/).waitFor();
  await isReady(page, mp3); // without a hand
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Nothing here yet.").waitFor();
}, { at: breaking.url });
await breaking.end();

// That this line hangs only its user can know.
const hanging = await badLine("hold:2000000");
const offsets = [];
await visit(async (page) => {
  await page.goto("/");
  await logIn(page, email);
  await page.getByLabel(/Drop videos here/).setInputFiles(file);
  assert.equal(await hanging.next(), "held");

  page.on("dialog", (question) => question.accept()); // an upload runs; is it to be left?
  await page.reload();
  await rowOf(page, name).getByText("Choose the same file again to go on").waitFor();
  page.on("request", (request) => {
    if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
  });
  await page.getByLabel(/Drop videos here/).setInputFiles(file);
  await isReady(page, mp3);
  assert.equal(await page.getByRole("listitem").count(), 1);
}, { at: hanging.url });
const cameUp = await hanging.end();

assert.ok(offsets[0] > 1_000_000 && offsets[0] < size, `it went on at ${offsets}`);
assert.ok(cameUp < size + 500_000, `${cameUp} bytes went up for ${size}`);
