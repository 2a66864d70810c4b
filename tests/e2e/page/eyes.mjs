// Looks at every part of the page as EMAIL, who has files in all states, with axe-core, in light
// and dark, at 360 and 1440 pixels; leaves a picture of each in FOLDER. FILE is a video to send.
//
//   node eyes.mjs EMAIL FILE FOLDER
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createRequire } from "node:module";
import { logIn, rowOf, visit } from "./browser.mjs";
import { badLine } from "./line.mjs";

const [email, file, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const tell = ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`;

async function look(page, part, { colorScheme, viewport: { width } }) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((tags) => window.axe.run({ runOnly: tags }), rules);
  assert.deepEqual(violations.map(tell), [], `${part}, ${colorScheme}, ${width}`);
  const needed = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(needed <= width, `${part} is ${needed} pixels wide at ${width}`);
  const path = join(folder, `${part}-${colorScheme}-${width}.png`);
  await page.screenshot({ path, fullPage: true });
}

async function lookAtAll(page, how) {
  await page.goto("/");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByText("Type your e-mail address.").waitFor();
  await look(page, "login", how);
  await page.getByRole("button", { name: "Create one" }).click();
  await look(page, "register", how);
  await page.getByRole("button", { name: /^Log in$/ }).click();
  await page.getByRole("button", { name: "Forgot your password?" }).click();
  await look(page, "forgot", how);
  await page.getByRole("button", { name: /^Log in$/ }).click();
  await logIn(page, email);
  await page.getByRole("button", { name: "Change your password" }).click();
  await look(page, "change", how);
  await page.getByRole("button", { name: "Back to your MP3s" }).click();

  await page.getByLabel(/Drop videos here/).setInputFiles(file);
  await rowOf(page, basename(file)).getByText(/^Uploading, [1-9]/).waitFor();
  await page.getByRole("heading", { name: "Your MP3s" }).waitFor();
  await page.getByText("Options").click();
  await look(page, "list", how);
  await rowOf(page, "talk.mp3").getByRole("button", { name: "Delete" }).click();
  await look(page, "delete", how);
  await page.getByRole("button", { name: "Keep it" }).click();

  await rowOf(page, basename(file)).getByRole("button", { name: "Cancel" }).click();
  await rowOf(page, basename(file)).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "talk.mp3" }).click();
  await page.getByRole("button", { name: "Listen" }).click();
  await page.locator("audio").evaluate((audio) => new Promise((resolve) => {
    if (audio.readyState > 0) return resolve();
    audio.onloadedmetadata = resolve;
  }));
  await look(page, "alone", how);
  await page.goto("/f/nothing");
  await page.getByRole("heading", { name: "This is not among your MP3s" }).waitFor();
  await look(page, "stranger", how);
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [360, 1440]) {
    const line = await badLine("hold:2000000");
    const how = { colorScheme, viewport: { width, height: width === 360 ? 740 : 900 } };
    await visit((page) => lookAtAll(page, how), { at: line.url, reducedMotion: "reduce", ...how });
    await line.end();
  }
}
