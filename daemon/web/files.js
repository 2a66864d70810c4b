// The files of who is logged in: all of them, or the one that a letter's link leads to.

import { ask, filePath, request } from "/web/api.js";
import { $, confirmRemoval, say, show } from "/web/dom.js";
import { Followers, isFinished } from "/web/follow.js";
import { download, listen, silence } from "/web/player.js";
import { Row } from "/web/row.js";
import { mp3Name, sentence, size } from "/web/text.js";
import { Uploads } from "/web/uploads.js";

const rows = new Set();
let only = null; // the ID of the one that is looked at; null for all
let cursor = null; // of what is older
let isOpen = false;

const uploads = new Uploads(noteUpload);
const followers = new Followers({ changed: noteFile, gone: dropFile });

export const areUploading = () => uploads.areActive;

// Shows all files, or one. Throws Problem where it is not among the user's.
export async function open(id) {
  isOpen = true;
  only = id;
  show($("files-error"), "");
  drawFrame();
  if (id === null) return refresh(true);
  noteFile(await ask("GET", filePath(id)));
}

export function close() {
  isOpen = false;
  followers.stop();
  uploads.stop();
  for (const row of [...rows]) drop(row);
  cursor = null;
}

export function add(files) {
  const options = Object.fromEntries(new FormData($("options-form")));
  for (const file of files) uploads.add(file, options);
}

// Asks for the newest files, as others may have come, gone or changed.
async function refresh(isFirst = false) {
  const page = await ask("GET", `/v1/files?limit=50`);
  if (!isOpen || only !== null) return;
  if (isFirst) cursor = page.next_cursor;
  const oldest = page.next_cursor ? page.files.at(-1).created_at : "";
  const there = new Set(page.files.map((file) => file.id));
  for (const row of [...rows]) {
    const isKnown = row.file && row.file.created_at > oldest;
    if (isKnown && !there.has(row.id) && !row.upload) drop(row);
  }
  page.files.forEach(noteFile);
  drawFrame();
  await drawUsage();
}

async function drawUsage() {
  const { usage, limits } = await ask("GET", "/v1/me");
  const quota = limits.quota_bytes ? ` of ${size(limits.quota_bytes)}` : "";
  $("usage").textContent = `${size(usage.bytes)}${quota} used`;
}

const rowOf = (id) => [...rows].find((row) => row.id === id);

function makeRow(createdAt) {
  const row = new Row(act);
  const next = [...rows].filter((other) => other.file && other.file.created_at < createdAt)
    .sort((a, b) => b.file.created_at.localeCompare(a.file.created_at))[0];
  rows.add(row);
  $("list").insertBefore(row.element, next?.element ?? null);
  return row;
}

function drop(row) {
  silence(row.player);
  rows.delete(row);
  row.element.remove();
}

function draw(row) {
  const isAlone = only !== null && row.id === only;
  row.draw(isAlone);
  row.element.hidden = only !== null && !isAlone;
  if (row.element.hidden) silence(row.player);
  if (isAlone) drawTitle(row.title);
}

export function drawTitle(title) {
  if ($("files-title").textContent !== title) $("files-title").textContent = title;
  document.title = only === null ? "mp3conv" : `${title} · mp3conv`;
}

// What is around the rows.
function drawFrame() {
  $("files").classList.toggle("alone", only !== null);
  $("add").hidden = only !== null;
  $("back").hidden = only === null;
  $("more").hidden = only !== null || !cursor;
  $("none").hidden = only !== null || rows.size > 0;
  $("usage").hidden = only !== null;
  if (only === null) drawTitle("Your MP3s");
  for (const row of rows) draw(row);
}

function noteUpload(upload) {
  const row = [...rows].find((other) => other.upload === upload) ??
    (upload.id && rowOf(upload.id)) ?? makeRow("~");
  const isNew = row.upload !== upload;
  row.upload = upload;
  if (row.file && row.file.id !== upload.id) row.file = null; // the server has it no more
  draw(row);
  if (isNew) $("none").hidden = true;
  if (upload.state === "sent") noteSent(upload);
  if (upload.state === "failed") {
    say(`${upload.name} could not be uploaded: ${upload.problem.message}`);
  }
}

async function noteSent(upload) {
  say(`${upload.name} is uploaded`);
  try {
    noteFile(await ask("GET", filePath(upload.id)));
  } catch (problem) {
    tell(problem);
  }
}

function announce(before, file) {
  if (!before || before.state === file.state) return;
  if (file.state === "done") say(`${mp3Name(file.name)} is ready`);
  if (file.state === "failed") {
    say(`${file.name} could not be converted: ${file.error?.detail ?? ""}`);
  }
}

function noteFile(file) {
  if (!isOpen) return;
  const row = rowOf(file.id) ?? makeRow(file.created_at);
  const before = row.file;
  row.file = file;
  draw(row);
  announce(before, file);
  follow();
  if (before && !isFinished(before) && isFinished(file)) refresh().catch(tell);
}

function dropFile(id) {
  const row = rowOf(id);
  if (row) drop(row);
  drawFrame();
  follow();
}

// Nobody looks at a page that is hidden; what it missed it asks for when it is seen again.
function follow() {
  if (!isOpen || document.hidden) return followers.stop();
  const files = [...rows].map((row) => row.file).filter(Boolean);
  followers.choose(only === null ? files : files.filter((file) => file.id === only));
}

document.addEventListener("visibilitychange", () => {
  follow();
  if (isOpen && !document.hidden) refresh().catch(tell);
});

const tell = (problem) => isOpen && show($("files-error"), sentence(problem.message));

const deeds = {
  listen: (row) => listen(row.player, row.id, row.title, tell),
  download: (row) => download(row.id),
  hurry: (row) => row.upload.hurry(),
  retry: async (row) => noteFile(await ask("POST", filePath(row.id, "/retry"))),
  dismiss: (row) => deeds.cancel(row),
  cancel: async (row) => {
    if (!row.upload || row.upload.state === "sent") {
      return noteFile(await ask("POST", filePath(row.id, "/cancel")));
    }
    leave(row);
    await uploads.remove(row.upload);
  },
  remove: async (row) => {
    const text = row.file.mp3
      ? "The MP3 is deleted from the server, for good."
      : "It is removed from the server, for good.";
    if (!(await confirmRemoval(row.title, text))) return;
    await request("DELETE", filePath(row.id));
    say(`${row.title} is deleted`);
    leave(row);
    await drawUsage();
  },
};

async function act(name, row) {
  show($("files-error"), "");
  try {
    await deeds[name](row);
  } catch (problem) {
    tell(problem);
  }
}

// Takes a row away; who was at it is led to the next.
function leave(row) {
  const [next, last] = [row.element.nextElementSibling, row.element.previousElementSibling];
  drop(row);
  drawFrame();
  if (only !== null) return $("back").firstElementChild.click();
  const neighbour = [...rows].find(({ element }) => element === (next ?? last));
  if (neighbour) neighbour.focus();
  else $("choose").focus();
}

$("more").onclick = async () => {
  try {
    const page = await ask("GET", `/v1/files?limit=50&cursor=${encodeURIComponent(cursor)}`);
    cursor = page.next_cursor;
    page.files.forEach(noteFile);
    drawFrame();
    rowOf(page.files[0]?.id)?.focus();
  } catch (problem) {
    tell(problem);
  }
};
