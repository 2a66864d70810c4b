// Where a login stays, what ends it, and what others see of a file with that ID.
//
//   node session.mjs EMAIL OTHER-EMAIL ID
import assert from "node:assert/strict";
import { ask, enter, logIn, register, tokenIn, visit } from "./browser.mjs";

const [email, other, id] = process.argv.slice(2);

await visit(async (page, context) => {
  await page.goto("/");
  await logIn(page, email);
  assert.ok(await tokenIn(page, "sessionStorage"));
  assert.equal(await tokenIn(page, "localStorage"), undefined);
  await page.reload(); // stays in its tab
  await page.getByText(email).waitFor();
  const second = await context.newPage(); // and only there
  await second.goto("/");
  await second.getByRole("heading", { name: "Log in" }).waitFor();

  await second.getByLabel("Stay logged in").check();
  await logIn(second, email);
  const third = await context.newPage();
  await third.goto("/");
  await third.getByText(email).waitFor();
  await third.getByRole("button", { name: "Log out" }).click();
  await third.getByText("You are logged out.").waitFor();
  await second.getByRole("heading", { name: "Log in" }).waitFor(); // without a hand
  assert.equal(await tokenIn(second, "localStorage"), undefined);

  // A login that ends elsewhere is noticed, and said.
  const token = await tokenIn(page, "sessionStorage");
  await ask("/v1/logout", token, "POST");
  await page.getByRole("link", { name: "talk.mp3" }).click();
  await page.getByText("Your login has ended.").waitFor();
  await enter(page, email, "Log in");
  await page.getByRole("heading", { name: "talk.mp3" }).waitFor(); // where it was going
});

await visit(async (page) => {
  await register(page, other);
  await page.goto(`/f/${id}`);
  await page.getByRole("heading", { name: "This is not among your MP3s" }).waitFor();
  await page.getByText(/^There is no file with this ID among yours/).waitFor();
  await page.getByRole("link", { name: "All your MP3s" }).click();
  await page.getByText("Nothing here yet.").waitFor();
});

// What the server refuses it says itself.
await visit(async (page) => {
  await page.goto("/");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill("wrong horse battery");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("alert").getByText("Wrong e-mail or password.").waitFor();
  await page.getByRole("button", { name: "Create one" }).click();
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("alert").getByText("must have 8 to 1024 bytes").waitFor();
});
