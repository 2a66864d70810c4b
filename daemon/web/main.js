// Which part of the page is seen: by the address, and by whether somebody is logged in.

import * as account from "/web/account.js";
import { session } from "/web/api.js";
import { $, show } from "/web/dom.js";
import * as files from "/web/files.js";
import { sentence } from "/web/text.js";
import { memory } from "/web/uploads.js";

// "/f/ID" is about that file, all else about all.
const wanted = () => /^\/f\/([^/]+)\/?$/.exec(location.pathname)?.[1] ?? null;

function see(part) {
  for (const name of ["account", "files"]) $(name).hidden = name !== part;
  $("who").hidden = part !== "files";
  show($("email"), session.email);
}

function askWho(why) {
  see("account");
  document.title = "Log in · mp3conv";
  account.open(why, () => go(true));
}

async function go(movesFocus = false) {
  if (!session.token) {
    return askWho(wanted() ? "Log in to get to your MP3."
      : "Drop a video; its sound comes back as an MP3.");
  }
  see("files");
  if (movesFocus) $("files-title").focus();
  try {
    await files.open(wanted());
  } catch (problem) {
    if (!session.token) return;
    const isAbsent = problem.status === 404;
    if (isAbsent) files.drawTitle("This is not among your MP3s");
    const why = isAbsent ? " It may be another account's, or deleted." : "";
    show($("files-error"), sentence(problem.message) + why);
  }
}

function leave(why) {
  files.close();
  askWho(why);
}

$("change").onclick = () => {
  see("account");
  document.title = "New password · mp3conv";
  account.changePassword(() => go(true));
};

$("logout").onclick = async () => {
  const told = await account.logOut();
  memory.clear();
  history.replaceState(null, "", "/");
  leave(told);
};

session.addEventListener("ended", () => leave("Your login has ended. Log in again to go on."));
session.addEventListener("elsewhere", () => (files.close(), go()));

// Links within the page do not load it again: uploads go on.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/']");
  const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey &&
    !event.altKey && !link?.hasAttribute("download");
  if (!link || !isPlain) return;
  event.preventDefault();
  history.pushState(null, "", link.getAttribute("href"));
  go(true);
});
addEventListener("popstate", () => go(true));

$("choose").onchange = () => {
  files.add([...$("choose").files]);
  $("choose").value = ""; // so that the same file can be chosen again
};

const takesDrops = () => !$("files").hidden && !$("add").hidden;
const hasFiles = (event) => [...event.dataTransfer.types].includes("Files");

// A video that misses its place would else be opened by the browser, instead of this page.
addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = takesDrops() ? "copy" : "none";
  $("drop").classList.toggle("over", takesDrops());
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) $("drop").classList.remove("over");
});
addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  $("drop").classList.remove("over");
  if (!takesDrops()) return;
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const isFolder = (item) => item.webkitGetAsEntry?.()?.isDirectory;
  if (items.some(isFolder)) {
    show($("files-error"), "A folder cannot be dropped; drop the videos that are in it.");
  }
  files.add(items.filter((item) => !isFolder(item)).map((item) => item.getAsFile()));
});

addEventListener("beforeunload", (event) => {
  if (files.areUploading()) event.preventDefault();
});

go();
