// Does all of it with a keyboard: registers, chooses FILE with an option, listens, deletes.
//
//   node keyboard.mjs FILE
import assert from "node:assert/strict";
import { isReady, password, visit } from "./browser.mjs";

const [file] = process.argv.slice(2);

// Goes on with Tab to what has that name, as far as a page like this is long.
async function tabTo(page, role, name) {
  const target = page.getByRole(role, { name });
  await target.waitFor();
  for (let steps = 0; steps < 40; steps++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not lead to the ${role} ${name}`);
}

const focused = (page) => page.evaluate(() => document.activeElement.innerText);

await visit(async (page) => {
  await page.goto("/");
  await tabTo(page, "button", "Create one");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Create an account" }).waitFor();
  await page.keyboard.type("anna@example.org"); // the field has the focus
  await tabTo(page, "textbox", "Password");
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Your MP3s" }).waitFor();
  assert.equal(await focused(page), "Your MP3s");

  await page.keyboard.press("Tab"); // behind the heading: what is done first
  const choosing = page.waitForEvent("filechooser");
  const chooser = page.getByLabel(/Drop videos here/);
  assert.ok(await chooser.evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // the options open
  await tabTo(page, "radio", /Standard/);
  await page.keyboard.press("ArrowUp");
  await tabTo(page, "checkbox", /Even out/);
  await page.keyboard.press("Space");
  for (let i = 0; i < 3; i++) await page.keyboard.press("Shift+Tab");
  assert.ok(await chooser.evaluate((element) => element === document.activeElement));
  await page.keyboard.press("Space");
  await (await choosing).setFiles(file);
  await isReady(page, "talk.mp3");

  await tabTo(page, "button", "Listen");
  await page.keyboard.press("Enter");
  await page.locator("audio:focus").waitFor();
  await tabTo(page, "link", "talk.mp3");
  await page.keyboard.press("Enter");
  await page.getByText("Voice, even loudness").waitFor();
  await tabTo(page, "link", "All your MP3s");
  await page.keyboard.press("Enter");

  await tabTo(page, "button", "Delete talk.mp3");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape"); // no
  assert.match(await focused(page), /^Delete/);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await focused(page), "Delete");
  await page.keyboard.press("Enter"); // yes
  await page.getByText("Nothing here yet.").waitFor();
  assert.ok(await chooser.evaluate((element) => element === document.activeElement));
});
