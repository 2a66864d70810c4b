// A line to the server that breaks: tests/support/bad_line.py, which BAD_LINE names.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { server } from "./browser.mjs";

// Returns its address, what it says next, and how to end it, which tells what came up.
export async function badLine(...cuts) {
  const target = server.replace("http://", "");
  const line = spawn("/usr/bin/python3", [process.env.BAD_LINE, target, ...cuts],
    { stdio: ["pipe", "pipe", "inherit"] });
  const words = createInterface({ input: line.stdout })[Symbol.asyncIterator]();
  const next = async () => (await words.next()).value;
  const port = await next();
  const end = async () => {
    line.stdin.end();
    const cameUp = Number(await next());
    if (line.exitCode === null) await once(line, "exit");
    return cameUp;
  };
  return { url: `http://127.0.0.1:${port}`, next, end };
}
