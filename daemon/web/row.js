// One video in the list: what is known of it, and what can be done.

import { make, show } from "/web/dom.js";
import { duration, moment, mp3Name, percent, presetName, sentence, size } from "/web/text.js";
import { memory } from "/web/uploads.js";

// What an upload that runs in this tab says of itself.
function lookOfUpload(upload) {
  const part = upload.size_bytes ? upload.sent_bytes / upload.size_bytes : 0;
  const of = `${size(upload.sent_bytes)} of ${size(upload.size_bytes)}`;
  const looks = {
    waiting: { line: "Waits for its turn", actions: ["cancel"] },
    sending: { line: `Uploading, ${percent(part)} (${of})`, part, actions: ["cancel"] },
    broken: {
      line: `Stopped at ${percent(part)}; trying again`,
      part,
      note: upload.problem && sentence(upload.problem.message),
      actions: ["hurry", "cancel"],
    },
    sent: { line: "Uploaded", part: 1, actions: [] },
    failed: {
      line: "Could not be uploaded",
      error: upload.problem && sentence(upload.problem.message),
      actions: ["dismiss"],
    },
  };
  return { tone: upload.state === "failed" ? "bad" : "busy", ...looks[upload.state] };
}

const notesOf = (file) =>
  [
    file.mp3?.note && sentence(file.mp3.note),
    file.source.truncated && "The end of the video is missing: it is shorter than it says itself.",
  ].filter(Boolean).join(" ");

function lookOfFile(file) {
  const error = file.error && sentence(file.error.detail);
  switch (file.state) {
    case "uploading":
      return memory.knows(file.id)
        ? { tone: "rest", line: "Not all of it is here. Choose the same file again to go on." }
        : { tone: "rest", line: "Is being sent from elsewhere" };
    case "queued":
      return { tone: "busy", line: "Waits to be converted", actions: ["cancel"] };
    case "converting": {
      const part = file.progress ?? 0;
      return { tone: "busy", line: `Converting, ${percent(part)}`, part, actions: ["cancel"] };
    }
    case "done": {
      const { duration_s, bytes } = file.mp3;
      const line = `Ready: ${duration(duration_s)}, ${size(bytes)}`;
      return { tone: "good", line, note: notesOf(file), actions: ["listen", "download"] };
    }
    case "failed": {
      const actions = file.error?.retryable ? ["retry"] : [];
      return { tone: "bad", line: "Could not be converted", error, actions };
    }
    case "cancelled":
      return { tone: "rest", line: "Cancelled", actions: ["retry"] };
    case "expired":
      return { tone: "rest", line: "Its time is over. Upload the video again to have it back." };
    default:
      return { tone: "rest", line: file.state };
  }
}

const words = {
  listen: "Listen",
  download: "Download",
  hurry: "Try now",
  retry: "Try again",
  cancel: "Cancel",
  dismiss: "Remove",
  remove: "Delete",
};

function facts(file) {
  const { source, mp3 } = file;
  return [
    ["File ID", file.id],
    ["Uploaded", moment(file.created_at)],
    ["Upload size", size(source.bytes)],
    source.codec && ["Audio codec", source.codec],
    ["Quality", presetName(file.options)],
    mp3 && ["Bitrate", `${Math.round(mp3.bitrate_bps / 1000)} kbit/s`],
  ].filter(Boolean);
}

export class Row {
  file = null; // as the server tells of it
  upload = null; // where this tab sends it
  #buttons = {};

  // `act` is called with the name of what is to be done, and this row.
  constructor(act) {
    this.#build(act);
  }

  get id() {
    return this.file?.id ?? this.upload?.id;
  }

  get name() {
    return this.file?.name ?? this.upload.name;
  }

  // What the user knows it by.
  get title() {
    return this.file?.state === "done" ? mp3Name(this.name) : this.name;
  }

  #build(act) {
    this.link = make("a", { className: "name" });
    this.line = make("p", { className: "state" });
    this.bar = make("progress", { max: 1 });
    this.note = make("p", { className: "hint" });
    this.error = make("p", { className: "error" });
    this.facts = make("dl", { hidden: true });
    this.player = make("div", { className: "player", hidden: true });
    const actions = make("div", { className: "actions" });
    for (const [name, word] of Object.entries(words)) {
      const onclick = () => act(name, this);
      const about = make("span", { className: "unseen" });
      const button = make("button", { type: "button", onclick, hidden: true }, word, about);
      button.className = `quiet ${name}`;
      this.#buttons[name] = { button, about };
      actions.append(button);
    }
    const what = make("div", {}, this.link, this.line, this.bar, this.error, this.note);
    this.element = make("li", {}, what, actions, this.player, this.facts);
  }

  // Shows what is known now, with the facts where the row is alone on the page.
  draw(isAlone = false) {
    const { upload, file } = this;
    const isOurs = upload && upload.state !== "sent" && (!file || file.state === "uploading");
    const look = isOurs || !file ? lookOfUpload(upload) : lookOfFile(file);
    const actions = new Set(look.actions);
    if (!isOurs && file && !actions.has("cancel")) actions.add("remove");
    this.element.className = look.tone;
    this.#drawName(isAlone);
    show(this.line, look.line);
    this.bar.hidden = look.part === undefined;
    this.bar.value = look.part ?? 0;
    this.bar.ariaLabel = `${this.name}: ${look.line.split(",")[0]}`;
    show(this.error, look.error);
    show(this.note, look.note);
    this.#drawActions(actions);
    this.facts.hidden = !isAlone || !file;
    if (!this.facts.hidden) this.#drawFacts(facts(file));
  }

  #drawName(isAlone) {
    if (this.link.textContent !== this.title) this.link.textContent = this.title;
    this.link.hidden = isAlone;
    if (this.file) this.link.href = `/f/${this.file.id}`;
  }

  // A button that goes while it has the focus hands it on to its row.
  #drawActions(actions) {
    for (const [name, { button, about }] of Object.entries(this.#buttons)) {
      const loses = !actions.has(name) && button === document.activeElement;
      about.textContent = ` ${this.title}`;
      button.hidden = !actions.has(name);
      if (loses) this.focus();
    }
  }

  #drawFacts(list) {
    const text = list.flat().join("\n");
    if (this.facts.title_ === text) return;
    this.facts.title_ = text;
    const pair = ([name, value]) =>
      make("div", {}, make("dt", {}, name), make("dd", {}, value));
    this.facts.replaceChildren(...list.map(pair));
  }

  focus() {
    const first = Object.values(this.#buttons).find(({ button }) => !button.hidden)?.button;
    (this.link.hidden || !this.link.href ? first : this.link)?.focus();
  }
}
