// Listening and fetching. A player and a download send no token; so the server is asked for an
// address that needs none for an hour. Nothing of an MP3 is kept in this page: it streams.

import { ask, filePath } from "/web/api.js";
import { make } from "/web/dom.js";

const addressOf = async (id) => (await ask("POST", filePath(id, "/link"))).url;

export async function download(id) {
  const link = make("a", { href: await addressOf(id), download: "" });
  document.body.append(link);
  link.click();
  link.remove();
}

// Goes on where it was once the address has ended. A second failure in a row is the player's own.
function renewAddress(audio, id, failed) {
  let renewedAt = -1;
  audio.onerror = async () => {
    const at = audio.currentTime;
    if (at === renewedAt) return failed(new Error("this MP3 cannot be played here; download it"));
    renewedAt = at;
    try {
      audio.src = await addressOf(id);
      audio.currentTime = at;
      await audio.play();
    } catch (error) {
      if (error.name !== "AbortError") failed(error);
    }
  };
}

// Opens a player in that place and plays. `failed` is told what goes wrong later.
export async function listen(place, id, name, failed) {
  const src = await addressOf(id);
  for (const other of document.querySelectorAll("audio")) other.pause();
  const audio = make("audio", { controls: true, preload: "metadata", src });
  audio.setAttribute("aria-label", name);
  renewAddress(audio, id, failed);
  place.replaceChildren(audio);
  place.hidden = false;
  audio.focus();
  await audio.play().catch(() => {}); // a browser may want another click first
}

// Lets go of the line that it had.
export function silence(place) {
  const audio = place.querySelector("audio");
  if (!audio) return;
  audio.onerror = null;
  audio.removeAttribute("src");
  audio.load();
  place.replaceChildren();
  place.hidden = true;
}
