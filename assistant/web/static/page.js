// The frame of the page: drawer, sheet, tabs, shortcuts, the question box and the address. Loaded before everything
// else; the scripts of the parts find what they share in `chat`.

const chat = (() => {
  const root = document.documentElement;
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const touch = matchMedia("(pointer: coarse)");
  const one = (selector) => document.querySelector(selector);
  const box = () => one("#question textarea");

  // On a touch screen the keyboard would cover the answer.
  function focusBox() {
    if (!touch.matches) box()?.focus({ preventScroll: true });
  }

  function leaveBox() {
    if (touch.matches) box()?.blur();
  }

  // What was typed into the forms of a conversation must not turn up in those of the next, which take their place.
  function forgetTyped() {
    for (const form of document.querySelectorAll("#transcript form")) form.reset();
  }

  // What lies over the page, each opened and closed by an attribute of the root, and by Escape.
  const covers = {
    sheet: { panel: "#right", behind: "#masthead, #rail, #left", width: matchMedia("(max-width: 43.74rem)") },
    drawer: { panel: "#rail", behind: "#masthead, #left, #right", width: matchMedia("(max-width: 68.74rem)") },
  };
  const openers = {};
  let leaving = false;
  let named;

  // Behind one cover may lie another that is open too.
  function sayWhatIsOpen() {
    one("#menu")?.setAttribute("aria-expanded", String(root.dataset.drawer === "open"));
    const opened = Object.keys(covers).filter((name) => root.dataset[name] === "open");
    const hidden = new Set(opened.flatMap((name) => [...document.querySelectorAll(covers[name].behind)]));
    for (const part of document.querySelectorAll("#masthead, #rail, #left, #right")) part.inert = hidden.has(part);
  }

  // Going back in the browser takes away what lies over the page, not the page: each has an entry in its history.
  function open(name) {
    if (!covers[name].width.matches || root.dataset[name] === "open") return;
    if (name === "sheet") uncover("drawer"); // The focus will go back to what can be seen then.
    openers[name] = document.activeElement;
    root.dataset[name] = "open";
    sayWhatIsOpen();
    if (leaving) return; // The way back that is under way ends with an entry for what is open then.
    if (history.state?.cover) history.replaceState({ ...history.state, cover: name }, "");
    else history.pushState({ ...history.state, cover: name }, "");
  }

  function uncover(name, refocus = true) {
    if (root.dataset[name] !== "open") return false;
    delete root.dataset[name];
    sayWhatIsOpen();
    if (refocus) openers[name]?.focus({ preventScroll: true });
    return true;
  }

  // Says whether it was open. The focus goes back to where it was, unless `refocus` is false.
  function close(name, refocus = true) {
    const wasOpen = uncover(name, refocus);
    if (wasOpen && !leaving && history.state?.cover === name) {
      leaving = true;
      history.back();
    }
    return wasOpen;
  }

  // Opens the place that a button names; `trigger` is that of the part which it is in. With the keyboard, the reader
  // goes along to the source.
  function openPlace(event, reference, trigger) {
    document.body.dataset.keyboard = String(event.detail === 0);
    open("sheet");
    // What is open already does not change and so is not announced. It may be another answer's that had this place.
    if (reference === chat.shown?.()) chat.reveal();
    trigger("select", { reference });
  }

  addEventListener("popstate", () => {
    const opened = Object.keys(covers).find((name) => root.dataset[name] === "open");
    if (leaving && opened) history.pushState({ ...history.state, cover: opened }, "");
    else for (const name of Object.keys(covers)) if (history.state?.cover !== name) uncover(name);
    leaving = false;
    if (named !== undefined) nameConversation(named);
  });

  // After a reload nothing lies over the page.
  if (history.state?.cover) history.replaceState({ ...history.state, cover: undefined }, "");

  for (const [name, { width }] of Object.entries(covers)) {
    width.addEventListener("change", () => close(name, false));
  }

  function showTab(name) {
    root.dataset.tab = name;
    for (const tab of document.querySelectorAll("#tabs [role=tab]")) {
      const selected = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(selected));
      tab.tabIndex = selected ? 0 : -1;
      const panel = one(`#panel-${tab.dataset.tab}`);
      panel?.setAttribute("role", "tabpanel");
      panel?.setAttribute("aria-labelledby", tab.id);
    }
  }

  // The conversation is in the address, so that a reload and a bookmark bring it back.
  function nameConversation(id) {
    named = id;
    const address = new URL(location.href);
    if (id) address.searchParams.set("conversation", id);
    else address.searchParams.delete("conversation");
    if (address.href !== location.href) history.replaceState(history.state, "", address);
  }

  // Asks in a dialog of the page; resolves to whether the answer was yes. The focus goes back by itself.
  function confirm(question, yes) {
    const dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.className = "confirm";
    dialog.setAttribute("aria-labelledby", "confirm-question");
    const words = dialog.appendChild(document.createElement("p"));
    words.id = "confirm-question";
    words.dir = "auto";
    words.textContent = question;
    const form = dialog.appendChild(document.createElement("form"));
    form.method = "dialog";
    for (const [label, value] of [
      ["Cancel", ""],
      [yes, "yes"],
    ]) {
      const button = form.appendChild(document.createElement("button"));
      button.textContent = label;
      button.value = value;
    }
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "yes");
      });
    });
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (target.closest("#skip")) {
      event.preventDefault();
      box()?.focus();
    } else if (target.closest("#menu")) {
      open("drawer");
      one("#tabs [aria-selected=true]")?.focus();
    } else if (target.closest("#close-rail") || (root.dataset.drawer === "open" && !target.closest("#rail, dialog"))) {
      close("drawer");
    } else if (target.closest("#fresh, [data-leaves]")) {
      close("drawer", false);
    }
    if (target.closest("#send, #stop, #fresh")) focusBox();
    if (target.closest("#fresh")) forgetTyped();
    const tab = target.closest("#tabs [role=tab]");
    if (tab) showTab(tab.dataset.tab);
  });

  // Whatever has a use of its own for a key keeps it from coming this far.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    const menu = event.target.closest?.("details[open]");
    if (one("dialog[open]")) return;
    if (event.key === "Escape" && menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.key === "Escape" && (close("drawer") || close("sheet"))) {
      event.preventDefault();
    } else if (event.key === "/" && !typing && !(event.ctrlKey || event.metaKey || event.altKey)) {
      event.preventDefault();
      close("drawer", false);
      close("sheet", false);
      box()?.focus();
    } else if (event.target.matches?.("#tabs [role=tab]")) {
      const tabs = [...document.querySelectorAll("#tabs [role=tab]")];
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
      showTab(next.dataset.tab);
      next.focus();
    }
  });

  return {
    box,
    focusBox,
    leaveBox,
    forgetTyped,
    showTab,
    nameConversation,
    confirm,
    openPlace,
    motion: () => (calm.matches ? "auto" : "smooth"),
    closeSheet: () => close("sheet"),
  };
})();
