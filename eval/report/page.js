// Filters, links to a case, and opening many at once. Without it every case is there and opens by itself.
"use strict";

(() => {
  const list = document.getElementById("cases");
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const cases = Array.from(list.children);
  const texts = new Map();

  // What a case says, without the labels of the page; gathered when it is first searched.
  function textOf(item) {
    if (!texts.has(item)) {
      const said = Array.from(item.querySelectorAll(".said, bdi"), (each) => each.textContent);
      texts.set(item, said.join("\n").toLowerCase());
    }
    return texts.get(item);
  }

  function fits(item, outcomes, tag, text) {
    return (
      outcomes.includes(item.dataset.outcome) &&
      (tag === "" || item.dataset.tags.split(" ").includes(tag)) &&
      (text === "" || textOf(item).includes(text))
    );
  }

  function filter() {
    const chosen = new FormData(form);
    const outcomes = chosen.get("outcomes").split(" ");
    const tag = chosen.get("tag") || "";
    const text = chosen.get("text").trim().toLowerCase();
    let count = 0;
    for (const item of cases) {
      item.hidden = !fits(item, outcomes, tag, text);
      count += item.hidden ? 0 : 1;
    }
    shown.value = `${count} of ${cases.length} cases`;
    document.getElementById("none").hidden = count > 0;
  }

  function open(whether) {
    for (const item of cases) if (!item.hidden) item.firstElementChild.open = whether;
  }

  // A link to a case shows it whatever the filters are.
  function follow() {
    const item = document.getElementById(location.hash.slice(1));
    if (!item || !cases.includes(item)) return;
    if (item.hidden) form.reset();
    filter();
    const details = item.firstElementChild;
    details.open = true;
    item.scrollIntoView();
    details.firstElementChild.focus({ preventScroll: true });
  }

  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, event.target.name === "text" ? 120 : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  // The fields have their first values only after the event.
  form.addEventListener("reset", () => setTimeout(filter));
  document.getElementById("open").addEventListener("click", () => open(true));
  document.getElementById("close").addEventListener("click", () => open(false));
  for (const button of document.querySelectorAll("button[data-tag]")) {
    button.addEventListener("click", () => {
      form.reset();
      form.elements.tag.value = button.dataset.tag;
      filter();
      document.getElementById("cases-title").scrollIntoView();
      form.elements.tag.focus({ preventScroll: true });
    });
  }
  addEventListener("hashchange", follow);
  // The browser goes to the fragment by itself while it loads, and would take the focus away again.
  addEventListener("load", () => setTimeout(follow));

  form.hidden = false;
  filter();
})();
