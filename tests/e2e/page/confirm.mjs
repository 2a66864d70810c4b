// Opens the LINK of a letter, confirms with the password, and logs in as EMAIL.
//
//   node confirm.mjs EMAIL LINK
import { logIn, password, visit } from "./browser.mjs";

const [email, link] = process.argv.slice(2);

await visit(async (page) => {
  await page.goto(link);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("heading", { name: "Confirmed" }).waitFor();
  await page.getByRole("link", { name: "Log in" }).click();
  await logIn(page, email);
});
