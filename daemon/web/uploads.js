// The videos that are on their way, a few at a time, and what is remembered of them.

import { session } from "/web/api.js";
import { Upload } from "/web/upload.js";

const most = 2; // at a time: a browser opens six lines to a server
const store = "mp3conv.uploads";

// The IDs of uploads by what they are of, so that one goes on when the same file is chosen again,
// after a reload too. A page may not keep the file itself.
const key = ({ name, size, lastModified }) =>
  JSON.stringify([session.email, name, size, lastModified]);

class Memory {
  #all() {
    try {
      return JSON.parse(localStorage.getItem(store)) ?? {};
    } catch {
      return {};
    }
  }

  #change(change) {
    const all = this.#all();
    change(all);
    localStorage.setItem(store, JSON.stringify(all));
  }

  find(file) {
    return this.#all()[key(file)] ?? null;
  }

  knows(id) {
    return Object.values(this.#all()).includes(id);
  }

  keep(file, id) {
    this.#change((all) => (all[key(file)] = id));
  }

  forget(file) {
    this.#change((all) => delete all[key(file)]);
  }

  // For whoever leaves: the names of the videos stay with nobody.
  clear() {
    localStorage.removeItem(store);
  }
}

export const memory = new Memory();

export class Uploads {
  #all = new Set();
  #changed;

  // `changed` is called with each upload that has.
  constructor(changed) {
    this.#changed = changed;
  }

  // What is on its way already is not sent twice.
  add(file, options) {
    if ([...this.#all].some((upload) => upload.isActive && upload.isOf(file))) return;
    const upload = new Upload(file, options, memory, this.#changed);
    this.#all.add(upload);
    this.#changed(upload);
    this.#startSome();
  }

  get areActive() {
    return [...this.#all].some((upload) => upload.isActive);
  }

  find(id) {
    return [...this.#all].find((upload) => upload.id === id);
  }

  async remove(upload) {
    this.#all.delete(upload);
    this.#startSome();
    await upload.remove();
  }

  stop() {
    for (const upload of this.#all) upload.stop();
    this.#all.clear();
  }

  #running = new Set();

  #startSome() {
    for (const upload of this.#all) {
      if (this.#running.size >= most) return;
      if (upload.state === "waiting" && !this.#running.has(upload)) this.#start(upload);
    }
  }

  async #start(upload) {
    this.#running.add(upload);
    await upload.run();
    this.#running.delete(upload);
    if (upload.state === "sent") this.#all.delete(upload);
    this.#startSome();
  }
}
