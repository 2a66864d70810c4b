// Uploads a video whose name and tags are HTML, and looks what the page makes of them.
//
//   node text.mjs FILE
import assert from "node:assert/strict";
import { basename } from "node:path";
import { isReady, register, visit } from "./browser.mjs";

const [file] = process.argv.slice(2);
const name = basename(file).replace(/\.mp4$/, ".mp3");

await visit(async (page) => {
  await register(page, "anna@example.org");
  await page.getByLabel(/Drop videos here/).setInputFiles(file);
  await isReady(page, name);
  const link = page.getByRole("listitem").getByRole("link");
  assert.equal(await link.textContent(), name);
  await link.click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("heading", { name: `Delete ${name}?` }).waitFor();
  assert.equal(await page.locator("img:not([src^='/web/'])").count(), 0);
  assert.equal(await page.title(), `${name} · mp3conv`);
  assert.equal(await page.evaluate(() => window.taken), undefined);
});
