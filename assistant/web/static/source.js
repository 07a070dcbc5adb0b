// Runs once, for the source pane, with `element`, `trigger` and `watch` from Gradio; `chat` is the page's.

const conversation = () => document.querySelector("#transcript");
const opener = () => conversation().querySelector(`[data-open="${CSS.escape(chat.shown() ?? "")}"]`);

chat.shown = () => element.querySelector("[data-shown]")?.dataset.shown;

chat.markOpener = () => {
  for (const button of conversation().querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
  opener()?.setAttribute("aria-current", "true");
};

// Brings the quote, or the top of the source, into view inside the pane.
chat.reveal = () => {
  const source = element.querySelector(".source");
  const mark = source.querySelector("mark");
  const seen = mark?.getClientRects().length; // not where the page's picture stands in its place
  const top = seen ? mark.getBoundingClientRect().top - source.getBoundingClientRect().top : -source.scrollTop;
  source.scrollBy({ top: seen ? top - source.clientHeight / 3 : top, behavior: chat.motion() });
};

function goBack() {
  chat.closeSheet();
  const button = opener();
  (button ?? conversation()).scrollIntoView({ block: "center", behavior: chat.motion() });
  (button ?? chat.box())?.focus({ preventScroll: true });
}

// The text or the picture of the page: what the reader chose stays chosen, whatever is opened next. It is kept on
// `element`, which an update leaves as it is.
function showAs(view) {
  element.dataset.view = view;
  for (const button of element.querySelectorAll("button[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === view));
  }
}

function turnLeaf(step) {
  const figure = element.querySelector(".page");
  const number = figure.querySelector(".number");
  const page = Number(number.textContent) + step;
  if (page < 1 || page > Number(figure.dataset.pages)) return;
  const picture = figure.querySelector("img");
  number.textContent = String(page);
  picture.alt = `Page ${page} of ${element.querySelector("h2").textContent}`;
  picture.src = picture.src.replace(/\/\d+\.png/, `/${page}.png`);
  picture.closest("a").href = picture.src;
  delete figure.dataset.failed;
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("back" in button.dataset) {
    goBack();
  } else if (button.dataset.view) {
    showAs(button.dataset.view);
    chat.reveal();
  } else if (button.dataset.leaf) {
    turnLeaf(Number(button.dataset.leaf));
  } else if (button.dataset.open) {
    // Whoever goes from citation to citation stays on the button.
    document.body.dataset.keyboard = String(event.detail === 0 && !button.dataset.step);
    trigger("select", { reference: button.dataset.open });
  }
});

element.addEventListener("keydown", (event) => {
  if (event.key === "Escape") goBack();
});

// Events of pictures do not rise: they are caught on the way down.
element.addEventListener(
  "error",
  (event) => {
    if (event.target.matches("img")) event.target.closest(".page").dataset.failed = "";
  },
  true,
);

let begun = false;

watch("value", () => {
  // Everything else is there by now. Gradio's own way would take the focus again whenever the box is emptied.
  if (!begun && document.activeElement === document.body) chat.focusBox();
  begun = true;
  chat.markOpener();
  showAs(element.dataset.view ?? "text");
  if (!chat.shown() || chat.shown() === "sources") return;
  chat.reveal();
  if (document.body.dataset.keyboard === "true") element.querySelector("h2").focus({ preventScroll: true });
});
