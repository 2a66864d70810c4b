// One video on its way to the server, in pieces: tus 1.0.0.

import { filePath, Problem, problemOf, request, session, unreachable } from "/web/api.js";
import { pause_ms, wait } from "/web/patience.js";

// Proxies keep what they pass on, and many refuse more than they like to keep.
const piece_bytes = 16 * 1024 * 1024;
const tus = { "Tus-Resumable": "1.0.0" };

const base64 = (text) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));

const metadata = (fields) =>
  Object.entries(fields).map(([name, value]) => `${name} ${base64(value)}`).join(",");

const pathOf = (id) => `/v1/uploads/${encodeURIComponent(id)}`;

// Sends a piece and returns how far the upload is then. fetch does not tell how much of a body is
// sent, XMLHttpRequest does.
function sendPiece(id, offset, piece, sent, signal) {
  return new Promise((resolve, reject) => {
    const line = new XMLHttpRequest();
    const { token } = session;
    const stop = () => line.abort();
    signal.addEventListener("abort", stop);
    line.open("PATCH", pathOf(id));
    line.setRequestHeader("Authorization", `Bearer ${token}`);
    line.setRequestHeader("Tus-Resumable", "1.0.0");
    line.setRequestHeader("Upload-Offset", offset);
    line.setRequestHeader("Content-Type", "application/offset+octet-stream");
    line.upload.onprogress = (event) => sent(offset + event.loaded);
    line.onabort = () => reject(signal.reason);
    line.onerror = () => reject(unreachable());
    line.onload = () => {
      if (line.status === 204) return resolve(Number(line.getResponseHeader("Upload-Offset")));
      const after = line.getResponseHeader("Retry-After");
      const problem = problemOf(line.status, line.responseText, after);
      if (problem.code === "not_logged_in") session.end(token);
      reject(problem);
    };
    line.onloadend = () => signal.removeEventListener("abort", stop);
    line.send(piece);
  });
}

export class Upload {
  state = "waiting"; // then "sending" or "broken", by turns, until "sent" or "failed"
  sent_bytes = 0;
  problem = null; // of what is broken or failed
  id = null; // the file's, once the server has given one
  #file;
  #options;
  #memory;
  #changed;
  #line = new AbortController();
  #hurry = null;

  // `memory` keeps the IDs of uploads over a reload; `changed` is called whenever this one has.
  constructor(file, options, memory, changed) {
    this.#file = file;
    this.#options = options;
    this.#memory = memory;
    this.id = memory.find(file);
    this.#changed = () => changed(this);
  }

  get name() {
    return this.#file.name;
  }

  get size_bytes() {
    return this.#file.size;
  }

  isOf(file) {
    return ["name", "size", "lastModified"].every((what) => file[what] === this.#file[what]);
  }

  get isActive() {
    return ["waiting", "sending", "broken"].includes(this.state);
  }

  // Until all of it is there, it cannot be, or `stop` is called. Never throws.
  async run() {
    try {
      await this.#runUntilSent();
      this.#memory.forget(this.#file);
      this.#become("sent");
    } catch (error) {
      if (!this.#line.signal.aborted) this.#become("failed", error);
    }
  }

  // Does not wait any longer before it tries again.
  hurry() {
    this.#hurry?.abort();
  }

  stop() {
    this.#line.abort(new DOMException("stopped", "AbortError"));
    this.hurry();
  }

  // Ends it here and on the server.
  async remove() {
    this.stop();
    this.#memory.forget(this.#file);
    if (this.id) await request("DELETE", filePath(this.id));
  }

  #become(state, problem = null) {
    this.state = state;
    this.problem = problem;
    this.#changed();
  }

  async #runUntilSent() {
    for (let failures = 1; ; failures++) {
      const before = this.sent_bytes;
      try {
        return await this.#sendRest();
      } catch (error) {
        this.#line.signal.throwIfAborted();
        await this.#requireReadable();
        if (!error.retryable) throw error;
        if (this.sent_bytes > before) failures = 1;
        await this.#rest(failures, error);
      }
    }
  }

  async #sendRest() {
    const { signal } = this.#line;
    let offset = (await this.#findOffset()) ?? (await this.#create());
    this.#advance(offset);
    this.#become("sending");
    while (offset < this.#file.size) {
      const piece = this.#file.slice(offset, offset + piece_bytes);
      const sent = (bytes) => this.#advance(bytes);
      offset = await sendPiece(this.id, offset, piece, sent, signal);
      this.#advance(offset);
    }
  }

  #advance(bytes) {
    this.sent_bytes = Math.min(bytes, this.#file.size);
    this.#changed();
  }

  // Returns how far this very video came before, or null where it is new to the server.
  async #findOffset() {
    if (!this.id) return null;
    try {
      const { signal } = this.#line;
      const { headers } = await request("HEAD", pathOf(this.id), { headers: tus, signal });
      if (Number(headers.get("Upload-Length")) === this.#file.size) {
        return Number(headers.get("Upload-Offset"));
      }
    } catch (error) {
      if (error.status !== 404) throw error;
    }
    this.#memory.forget(this.#file);
    this.id = null;
    return null;
  }

  async #create() {
    const headers = {
      ...tus,
      "Upload-Length": String(this.#file.size),
      "Upload-Metadata": metadata({ filename: this.#file.name, ...this.#options }),
    };
    const { signal } = this.#line;
    const answer = await request("POST", "/v1/uploads", { headers, signal });
    this.id = answer.headers.get("Location").split("/").pop();
    this.#memory.keep(this.#file, this.id);
    return 0;
  }

  // To a browser a file that is gone looks like a line that is broken.
  async #requireReadable() {
    try {
      await this.#file.slice(0, 1).arrayBuffer();
    } catch {
      const detail = "the browser cannot read this file any more; choose it again";
      throw new Problem({ code: "local_file", detail });
    }
  }

  async #rest(failures, problem) {
    this.#become("broken", problem);
    this.#hurry = new AbortController();
    const time_ms = Math.max(pause_ms(failures), problem.retryAfter_s * 1000);
    await wait(time_ms, this.#hurry.signal).catch(() => {});
    this.#line.signal.throwIfAborted();
  }
}
