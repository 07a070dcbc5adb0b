// Runs once for each panel of the rail; `element` is its component. Gradio gives it `element`, `trigger` and `watch`;
// `chat` is the page's.

const isIn = (id) => element.closest(`#${id}`) !== null;

if (isIn("tabs")) chat.showTab("conversations");

if (isIn("conversations")) {
  const acts = {
    select: (row) => {
      chat.forgetTyped();
      trigger("select", { conversation: row.dataset.conversation });
      chat.focusBox();
    },

    // A field in the place of the title. Leaving it changes nothing.
    edit: (row) => {
      const title = row.querySelector(".title");
      const form = document.createElement("form");
      const field = form.appendChild(document.createElement("input"));
      field.setAttribute("aria-label", "New name");
      field.maxLength = 200;
      field.dir = "auto";
      field.value = title.textContent;
      let ended = false;
      const end = () => {
        if (ended) return;
        ended = true; // Taking the field away takes its focus, which ends it too.
        form.remove();
        title.hidden = false;
        title.focus({ preventScroll: true });
      };
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (field.value.trim() !== title.textContent) {
          trigger("edit", { conversation: row.dataset.conversation, title: field.value });
        }
        end();
      });
      field.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        end();
      });
      field.addEventListener("blur", end);
      row.querySelector("details").open = false;
      title.hidden = true;
      title.before(form);
      field.select();
    },

    delete: async (row) => {
      // While the dialog is open the list may be drawn anew, and the row be another conversation's.
      const { conversation } = row.dataset;
      const title = row.querySelector(".title").textContent;
      const sure = await chat.confirm(`Delete “${title}”? It cannot be brought back.`, "Delete");
      if (!sure) return;
      if (conversation === element.querySelector("[data-current]")?.dataset.current) {
        chat.forgetTyped();
        trigger("clear", {});
      } else {
        trigger("delete", { conversation });
      }
      document.querySelector("#find :is(input, textarea)")?.focus();
    },
  };

  element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) acts[button.dataset.do](button.closest("[data-conversation]"));
  });

  element.addEventListener("keydown", (event) => {
    const menu = event.target.closest("details[open]");
    if (event.key !== "Escape" || !menu) return;
    event.stopPropagation();
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // Another tab may have added or deleted some.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) trigger("focus", {});
  });

  // One is open at a time.
  element.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.open) return;
      for (const other of element.querySelectorAll("details[open]")) other.open = other === event.target;
    },
    true,
  );

  watch("value", () => {
    const list = element.querySelector("[data-current]");
    if (list) chat.nameConversation(list.dataset.current);
  });
}

if (isIn("settings")) {
  let moved = false; // since the form was sent
  element.addEventListener("input", ({ target }) => {
    moved = true;
    if (target.type !== "range") return;
    const shown = target.name === "certainty" ? `${Math.round(target.value * 100)}%` : target.value;
    element.querySelector(`output[for="${target.id}"]`).textContent = shown;
    target.setAttribute("aria-valuetext", shown);
  });
  // Whoever moves a slider by keys goes through many values; what is kept is where it rests, or is left.
  const REST = 300; // milliseconds
  let resting;
  let sent; // last
  let repeated; // whether that was sent twice
  const apply = (form) => {
    clearTimeout(resting);
    moved = repeated = false;
    sent = Object.fromEntries(new FormData(form));
    trigger("apply", sent);
  };
  const came = (name) => {
    const fields = [...element.querySelectorAll(`input[name="${name}"]`)];
    return (fields.find((field) => field.type === "range" || field.defaultChecked) ?? fields[0])?.getAttribute("value");
  };
  element.addEventListener("change", ({ target }) => {
    clearTimeout(resting);
    resting = setTimeout(apply, REST, target.form);
  });
  element.addEventListener("focusout", ({ target }) => moved && apply(target.form));
  element.addEventListener("click", (event) => {
    if (!event.target.closest("[data-defaults]")) return;
    moved = false;
    sent = undefined;
    trigger("clear", {});
  });
  watch("value", () => {
    // What stands in the form is what was sent, unless the reader has moved something since.
    if (moved) return;
    // An earlier change may have arrived after the last one, which counts.
    if (sent && !repeated && Object.keys(sent).some((name) => came(name) !== sent[name])) {
      repeated = true;
      trigger("apply", sent);
      return;
    }
    for (const field of element.querySelectorAll("input")) {
      field.value = field.getAttribute("value");
      field.checked = field.defaultChecked;
    }
  });
}
