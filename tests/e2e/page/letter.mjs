// Opens the LINK of a letter as EMAIL, listens to the MP3 and saves it in FOLDER; prints its path.
//
//   node letter.mjs EMAIL LINK FOLDER
import assert from "node:assert/strict";
import { join } from "node:path";
import { ask, enter, isReady, tokenIn, visit } from "./browser.mjs";

const [email, link, folder] = process.argv.slice(2);

await visit(async (page) => {
  await page.goto(link);
  await page.getByText("Log in to get to your MP3.").waitFor();
  await enter(page, email, "Log in");
  await page.getByRole("heading", { level: 1, name: "talk.mp3" }).waitFor();
  assert.equal(new URL(page.url()).href, link);
  await page.getByText(/^Ready/).waitFor();

  await page.getByRole("button", { name: "Listen" }).click();
  const audio = page.locator("audio");
  await audio.evaluate((player) => new Promise((resolve) => {
    if (player.currentTime > 0) return resolve();
    player.ontimeupdate = () => player.currentTime > 0 && resolve();
  }));

  const arriving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const download = await arriving;
  assert.equal(download.suggestedFilename(), "talk.mp3");
  await download.saveAs(join(folder, "talk.mp3"));
  console.log(join(folder, "talk.mp3"));

  // Logging out ends the login on the server, and all addresses that it gave out.
  const token = await tokenIn(page, "sessionStorage");
  const address = await audio.evaluate((player) => player.src);
  assert.equal((await ask("/v1/me", token)).status, 200);
  assert.equal((await fetch(address)).status, 200);
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByText("You are logged out.").waitFor();
  assert.equal((await ask("/v1/me", token)).status, 401);
  assert.equal((await fetch(address)).status, 401);
});
