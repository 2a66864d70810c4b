// Registers as EMAIL, where an address is to be verified.
//
//   node join.mjs EMAIL
import { password, visit } from "./browser.mjs";

const [email] = process.argv.slice(2);

await visit(async (page) => {
  await page.goto("/");
  await page.getByRole("button", { name: "Create one" }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("Open the link in the letter that was sent to you").waitFor();
});
