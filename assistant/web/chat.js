// Runs once each for the welcome, the conversation and the source pane; `element` is the one it runs for.
// Gradio gives it `element`, `trigger` (an event for the server) and `watch` (a call after each change).

const conversation = () => document.querySelector("#transcript");
const pane = () => document.querySelector("#pane");
const box = () => document.querySelector("#question textarea");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const touch = matchMedia("(pointer: coarse)");
const motion = () => (calm.matches ? "auto" : "smooth");

const shown = () => pane().querySelector("[data-shown]")?.dataset.shown;
const opener = () => conversation().querySelector(`[data-open="${CSS.escape(shown() ?? "")}"]`);

function focusBox() {
  // On a touch screen the keyboard would cover the answer.
  if (!touch.matches) box()?.focus({ preventScroll: true });
}

function markOpener() {
  for (const button of conversation().querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
  opener()?.setAttribute("aria-current", "true");
}

// Brings the quote, or the top of the source, into view: inside the pane where it scrolls by itself, on the page else.
function reveal() {
  const source = pane().querySelector(".source");
  const mark = source.querySelector("mark");
  if (getComputedStyle(source).overflowY === "auto") {
    const top = mark ? mark.getBoundingClientRect().top - source.getBoundingClientRect().top : -source.scrollTop;
    source.scrollBy({ top: mark ? top - source.clientHeight / 3 : top, behavior: motion() });
  } else {
    (mark ?? source).scrollIntoView({ block: mark ? "center" : "start", behavior: motion() });
  }
}

function goBack() {
  const button = opener();
  (button ?? conversation()).scrollIntoView({ block: "center", behavior: motion() });
  (button ?? box())?.focus({ preventScroll: true });
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("back" in button.dataset) {
    goBack();
  } else if ("ask" in button.dataset) {
    trigger("submit", { question: button.textContent });
    focusBox();
  } else if (button.dataset.open) {
    // What is open already does not change and so is not announced.
    if (button.dataset.open === shown()) reveal();
    else trigger("select", { reference: button.dataset.open });
    // With the keyboard, the reader goes along to the source.
    document.body.dataset.keyboard = String(event.detail === 0);
  }
});

if (element.closest("#pane")) {
  watch("value", () => {
    markOpener();
    if (!shown() || shown() === "sources") return;
    reveal();
    if (document.body.dataset.keyboard === "true") pane().querySelector("h2").focus({ preventScroll: true });
  });
  element.addEventListener("keydown", (event) => {
    if (event.key === "Escape") goBack();
  });
} else if (element.closest("#transcript")) {
  // The newest question stays in view while its answer grows, until the reader scrolls elsewhere.
  let turns = 0;
  let following = false;
  for (const movement of ["wheel", "touchmove"]) {
    addEventListener(movement, () => (following = false), { passive: true });
  }
  watch("value", () => {
    markOpener();
    const exchanges = element.querySelectorAll(".exchange");
    if (exchanges.length > turns) following = true;
    turns = exchanges.length;
    if (following && turns) exchanges[turns - 1].scrollIntoView({ block: "start", behavior: motion() });
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#send, #fresh")) focusBox();
  });
}
