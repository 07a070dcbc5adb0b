// Runs once each for the welcome and the conversation; `element` is the one it runs for. Gradio gives it `element`,
// `trigger` (an event for the server) and `watch` (a call after each change); `chat` is the page's.

const ratingOf = (exchange) => exchange.querySelector('[data-rate][aria-pressed="true"]')?.dataset.rate ?? "";
const noteOf = (exchange) => exchange.querySelector('[data-form="note"] textarea').defaultValue;

function like(exchange, rating, note) {
  for (const button of exchange.querySelectorAll("[data-rate]")) {
    button.setAttribute("aria-pressed", String(button.dataset.rate === rating));
  }
  trigger("like", { turn: Number(exchange.dataset.turn), rating, note });
}

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const exchange = button.closest(".exchange");
  if ("ask" in button.dataset) {
    trigger("submit", { question: button.textContent });
    chat.focusBox();
  } else if ("retry" in button.dataset) {
    trigger("retry", { turn: Number(exchange.dataset.turn) });
    chat.focusBox();
  } else if (button.dataset.rate) {
    // Pressed once more, it is taken back.
    const rating = ratingOf(exchange) === button.dataset.rate ? "" : button.dataset.rate;
    like(exchange, rating, noteOf(exchange));
  } else if (button.dataset.open) {
    chat.openPlace(event, button.dataset.open, trigger);
  }
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const exchange = form.closest(".exchange");
  const field = form.querySelector("textarea");
  const text = field.value.trim();
  form.hidePopover();
  if (form.dataset.form === "note") {
    field.defaultValue = text;
    like(exchange, ratingOf(exchange), text);
    chat.say(text ? "Note saved" : "Note removed");
  } else if (text) {
    trigger("edit", { turn: Number(exchange.dataset.turn), question: text });
    chat.focusBox();
  }
});

element.addEventListener("keydown", (event) => {
  const form = event.target.closest('[data-form="edit"]');
  // Enter that ends the composition of a word is no question yet; 229 is how Safari tells.
  if (!form || event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  form.requestSubmit();
});

if (element.closest("#transcript")) {
  // The newest question stays in view while its answer grows, until the reader scrolls elsewhere.
  let turns = 0;
  let following = false;
  let busy = false;
  let writing = false;
  for (const movement of ["wheel", "touchmove"]) {
    addEventListener(movement, () => (following = false), { passive: true });
  }
  watch("value", () => {
    chat.markOpener?.();
    chat.settle();
    const exchanges = element.querySelectorAll(".exchange");
    const last = exchanges[exchanges.length - 1];
    const growing = last?.getAttribute("aria-busy") === "true";
    const asked = growing && !busy;
    if (asked) chat.leaveBox();
    if (asked || exchanges.length > turns) following = true;
    if (exchanges.length < turns) chat.forgetTyped(); // What was typed was about an answer that is gone.
    turns = exchanges.length;
    // Those who listen are told that it is being written, not each word; and the beginning of the answer, once it is
    // whole.
    const state = last?.querySelector(".written .state");
    if (state && !writing) chat.say(state.textContent);
    writing = Boolean(state);
    const stopped = last?.querySelector(".stopped");
    const said = last?.querySelector(".short, .statement, .says, .problem, .conflict .label");
    const note = last?.querySelector(".note")?.textContent ?? "";
    if (busy && !growing && stopped) chat.say(stopped.textContent);
    else if (busy && !growing && said) {
      const outcome = said.matches(".problem, .says") ? "Not answered." : "Answered.";
      chat.say(`${outcome} ${said.textContent} ${note}`);
    }
    busy = growing;
    if (following && turns) last.scrollIntoView({ block: "start", behavior: chat.motion() });
  });
}
