// Looks through a list that is longer than what is shown at first, as EMAIL, who has COUNT files.
//
//   node older.mjs EMAIL COUNT
import assert from "node:assert/strict";
import { logIn, rowOf, visit } from "./browser.mjs";

const [email, count] = process.argv.slice(2);

await visit(async (page) => {
  await page.goto("/");
  await logIn(page, email);
  await rowOf(page, "newest.mp3").first().waitFor();
  assert.equal(await page.getByRole("listitem").count(), 50);
  await page.getByRole("button", { name: "Show older ones" }).click();
  await rowOf(page, "talk.mp3").waitFor();
  assert.equal(await page.getByRole("listitem").count(), Number(count));
  assert.ok(await page.getByRole("button", { name: "Show older ones" }).isHidden());
  // Who goes on with a keyboard is at the first of what came.
  const first = page.getByRole("listitem").nth(50).getByRole("link");
  assert.ok(await first.evaluate((link) => link === document.activeElement));
});
