// Cancels, retries and deletes while the queue stands still, and goes on seeing what happens when
// the daemon was away. Reads a line from standard input where somebody else has to act first.
//
//   node changes.mjs EMAIL FILE
import { once } from "node:events";
import { createInterface } from "node:readline";
import { isReady, register, rowOf, visit } from "./browser.mjs";

const [email, file] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin });
const over = async (what) => {
  console.log(what);
  await once(lines, "line");
};

await visit(async (page) => {
  await register(page, email);
  await page.getByLabel(/Drop videos here/).setInputFiles(file);
  const row = rowOf(page, "talk");
  const press = (name) => row.getByRole("button", { name }).click();
  await row.getByText("Waits to be converted").waitFor();
  await press("Cancel");
  await row.getByText("Cancelled").waitFor();
  await press("Try again");
  await row.getByText("Waits to be converted").waitFor();
  await over("restart");
  await isReady(page, "talk.mp3");
  const remove = await row.getByRole("button", { name: "Delete" }).elementHandle();
  await remove.click();
  // No, and asked again before the page hears of the first answer's end.
  await page.getByRole("button", { name: "Keep it" })
    .evaluate((keep, again) => (keep.click(), again.click()), remove);
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText("Nothing here yet.").waitFor();
});
lines.close();
