// Logs in as EMAIL, drops FILES onto the page, and watches them become MP3s.
//
//   node road.mjs EMAIL FILE...
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { isReady, logIn, visit } from "./browser.mjs";

const [email, ...paths] = process.argv.slice(2);
const files = paths.map((path) => [basename(path), readFileSync(path).toString("base64")]);

await visit(async (page) => {
  await page.goto("/");
  await logIn(page, email);
  const dropped = await page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const [name, bytes] of files) {
      const content = Uint8Array.from(atob(bytes), (char) => char.charCodeAt(0));
      transfer.items.add(new File([content], name));
    }
    return transfer;
  }, files);
  const place = page.locator("#drop");
  await place.dispatchEvent("dragover", { dataTransfer: dropped });
  await place.dispatchEvent("drop", { dataTransfer: dropped });
  for (const [name] of files) await isReady(page, name.replace(/\.[^.]*$/, ".mp3"));
  await page.getByRole("status").filter({ hasText: "is ready" }).waitFor({ state: "attached" });
});
