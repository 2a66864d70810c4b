// Sets the forgotten password of EMAIL by the code from a letter, which it reads from standard input
// once it has asked for it, and changes it then.
//
//   node passwords.mjs EMAIL NEW-PASSWORD
import { once } from "node:events";
import { createInterface } from "node:readline";
import { ask, password, tokenIn, visit } from "./browser.mjs";

const [email, changed] = process.argv.slice(2);
const forgotten = `${password}, forgotten`;

await visit(async (page) => {
  const fill = (label, text) => page.getByLabel(label, { exact: true }).fill(text);
  const press = (name) => page.getByRole("button", { name, exact: true }).click();
  await page.goto("/");
  await press("Forgot your password?");
  await fill("E-mail", email);
  await press("Send a code");
  await page.getByText("a letter with a code is on its way").waitFor();
  const answered = once(createInterface({ input: process.stdin }), "line");
  console.log("asked");
  const [code] = await answered;
  await fill("Code from the letter", "wr0ng-c0de");
  await fill("New password", forgotten);
  await press("Set password");
  await page.getByRole("alert").getByText(/code/).waitFor();
  await fill("Code from the letter", ` ${code} `);
  await press("Set password");
  await press("Change your password");
  await fill("Present password", forgotten);
  await fill("New password", changed);
  await press("Change password");
  await page.locator("#account-why").getByText("Your password is changed.").waitFor();
  await press("Back to your MP3s");
  await page.getByRole("heading", { name: "Your MP3s" }).waitFor();
  // This login goes on.
  const { ok } = await ask("/v1/me", await tokenIn(page, "sessionStorage"));
  if (!ok) throw new Error("the login has ended");
  process.stdin.destroy();
});
