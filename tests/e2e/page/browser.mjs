// What the stories of the page share: a browser that minds what the page must not do.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

export const server = process.env.MP3CONV_SERVER;
export const password = "correct horse battery";

export async function launch() {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    chromiumSandbox: false, // which root cannot have
    args: ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--mute-audio"],
  });
}

// Notes requests to other hosts, violations of the page's policy, and errors of its programs.
function watch(page, origin, faults) {
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin) faults.push(`a request to ${url.href}`);
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    // A refusal of the server is no fault of the page.
    const isRefusal = message.text().startsWith("Failed to load resource");
    if (message.type() === "error" && !isRefusal) faults.push(message.text());
  });
}

// Runs a story in a new profile, then looks whether the page kept to what it may do.
export async function visit(story, { at = server, ...settings } = {}) {
  const browser = await launch();
  const faults = [];
  try {
    const context = await browser.newContext({ baseURL: at, ...settings });
    context.setDefaultTimeout(120_000);
    context.on("page", (page) => watch(page, new URL(at).origin, faults));
    await story(await context.newPage(), context);
    assert.deepEqual(await context.cookies(), []);
  } finally {
    await browser.close();
  }
  assert.deepEqual(faults, []);
}

export async function enter(page, email, button) {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("button", { name: "Log out" }).waitFor();
}

export async function register(page, email) {
  await page.goto("/");
  await page.getByRole("button", { name: "Create one" }).click();
  await enter(page, email, "Create account");
}

export const logIn = (page, email) => enter(page, email, "Log in");

export const rowOf = (page, name) => page.getByRole("listitem").filter({ hasText: name });

export const isReady = (page, name) => rowOf(page, name).getByText(/^Ready/).waitFor();

// What a program of the page would have as a user's token.
export const tokenIn = (page, store) =>
  page.evaluate((name) => JSON.parse(window[name].getItem("mp3conv.session"))?.token, store);

export const ask = (path, token, method = "GET") =>
  fetch(server + path, { method, headers: { Authorization: `Bearer ${token}` } });
