// Elements, without ever reading text as HTML.

export const $ = (id) => document.getElementById(id);

// Makes an element: make("button", { type: "button", className: "quiet" }, "Cancel", icon).
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

// Shows text in an element that is there for it, and hides the element where there is none.
export function show(element, text) {
  if (element.textContent !== text) element.textContent = text ?? "";
  element.hidden = !text;
}

// Tells those who listen to the page instead of looking at it.
export function say(text) {
  $("news").textContent = text;
}

// Asks whether that is to go. Escape is a no.
export function confirmRemoval(name, text) {
  const dialog = $("confirm");
  $("confirm-title").textContent = `Delete ${name}?`;
  $("confirm-text").textContent = text;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answered) => {
    // The event comes a moment after the end, when the next question may be open already.
    dialog.onclose = () => dialog.open || answered(dialog.returnValue === "yes");
  });
}

$("confirm-no").onclick = () => $("confirm").close("no");
$("confirm-yes").onclick = () => $("confirm").close("yes");
