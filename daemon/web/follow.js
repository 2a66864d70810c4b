// What becomes of files, as the server tells it.

import { filePath, request } from "/web/api.js";
import { pause_ms, wait } from "/web/patience.js";

// A browser opens six lines to a server; uploads, downloads and everything else need theirs.
const most = 2;

// Yields the file object whenever it changes, until the file is finished or the line breaks.
async function* events(id, signal) {
  const answer = await request("GET", filePath(id, "/events"), { signal });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let read; !(read = await reader.read()).done; ) {
    const blocks = (text + read.value).split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const data = /^data: ?(.*)$/m.exec(block);
      if (data) yield JSON.parse(data[1]);
    }
  }
}

export const isFinished = (file) =>
  ["done", "failed", "cancelled", "expired"].includes(file.state);

// Follows some of the files that are not finished, those that are furthest, and tells `changed` of
// each, and `gone` of what the server has no more.
export class Followers {
  #lines = new Map(); // AbortControllers by file ID
  #hooks;

  constructor(hooks) {
    this.#hooks = hooks;
  }

  // Takes the files that there are; those that it follows already stay followed.
  choose(files) {
    const rank = (file) => (file.state === "converting" ? 0 : 1);
    const chosen = files
      .filter((file) => file.state === "queued" || file.state === "converting")
      .sort((a, b) => rank(a) - rank(b) || a.created_at.localeCompare(b.created_at))
      .slice(0, most)
      .map((file) => file.id);
    for (const [id, line] of this.#lines) {
      if (chosen.includes(id)) continue;
      this.#lines.delete(id);
      line.abort();
    }
    for (const id of chosen) {
      if (!this.#lines.has(id)) this.#follow(id);
    }
  }

  stop() {
    this.choose([]);
  }

  async #follow(id) {
    const line = new AbortController();
    this.#lines.set(id, line);
    try {
      await this.#followUntilFinished(id, line.signal);
    } catch (error) {
      if (error.status === 404) this.#hooks.gone(id);
      // Otherwise nobody wants to know any more.
    } finally {
      if (this.#lines.get(id) === line) this.#lines.delete(id);
    }
  }

  async #followUntilFinished(id, signal) {
    for (let failures = 0; ; failures++) {
      try {
        for await (const file of events(id, signal)) {
          failures = 0;
          this.#hooks.changed(file);
          if (isFinished(file)) return;
        }
      } catch (error) {
        if (signal.aborted || (error.status && !error.retryable)) throw error;
      }
      await wait(pause_ms(failures + 1), signal);
    }
  }
}
