// Runs once for the list of documents, which is `element`. Gradio gives it `trigger` (an event for the server) and
// `watch` (a call after each change); `chat` is the page's.

const boxes = () => [...element.querySelectorAll("[data-document] > input")];
const documentOf = (part) => part.closest("[data-document]").dataset.document;

function choose() {
  const chosen = boxes().filter((box) => box.checked);
  element.querySelector("[data-all]").hidden = chosen.length === boxes().length;
  trigger("input", { chosen: chosen.map(documentOf), listed: boxes().map(documentOf) });
}

element.addEventListener("change", (event) => {
  event.stopPropagation();
  if (boxes().some((box) => box.checked)) return choose();
  event.target.checked = true;
  chat.say("At least one document is searched.");
});

async function remove(button) {
  // While the dialog is open the list may be drawn anew, and the row be another document's.
  const identity = documentOf(button);
  if (button.dataset.remove === "for-good") {
    const title = button.closest("[data-document]").querySelector(".title").textContent;
    if (!(await chat.confirm(`Remove “${title}”? It cannot be brought back.`, "Remove"))) return;
  }
  button.disabled = true;
  trigger("delete", { document: identity });
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.open) {
    chat.openPlace(event, button.dataset.open, trigger);
  } else if ("remove" in button.dataset) {
    remove(button);
  } else if ("restore" in button.dataset) {
    button.disabled = true;
    trigger("undo");
  } else if ("all" in button.dataset) {
    for (const box of boxes()) box.checked = true;
    choose();
    boxes()[0].focus();
  }
});

// The row with the focus is gone when its document is removed: the focus goes to the list.
let held = false;
element.addEventListener("focusin", () => (held = true));
element.addEventListener("focusout", (event) => {
  if (event.relatedTarget) held = false;
});
watch("value", () => {
  // A box that was clicked would keep its state, whichever document its row has become.
  for (const box of boxes()) box.checked = box.defaultChecked;
  if (held && !element.contains(document.activeElement)) element.querySelector("section")?.focus();
});
