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

  let repeated; // what was searched for once more
  watch("value", () => {
    const list = element.querySelector("[data-current]");
    if (!list) return;
    chat.nameConversation(list.dataset.current);
    // What an earlier search found may arrive after what the last one did.
    const wanted = document.querySelector("#find :is(input, textarea)").value;
    const searched = list.dataset.search;
    if (searched !== wanted && repeated !== wanted) trigger("focus", {});
    repeated = searched === wanted ? undefined : wanted;
  });
}

if (isIn("settings")) {
  // What is moved while a change is on its way counts: every reply draws the form anew, as it was when it was sent.
  let chosen; // the values as the reader moved them, undefined until then and where the defaults are asked for
  let sent; // the values that were sent last
  let repeated; // whether those were sent twice
  const REST = 300; // milliseconds; by keys a slider goes through many values, and what is kept is where it rests
  let resting;
  const show = (slider) => {
    const shown = slider.name === "certainty" ? `${Math.round(slider.value * 100)}%` : slider.value;
    element.querySelector(`output[for="${slider.id}"]`).textContent = shown;
    slider.setAttribute("aria-valuetext", shown);
  };
  const apply = () => {
    clearTimeout(resting);
    sent = chosen;
    repeated = false;
    trigger("apply", sent);
  };
  element.addEventListener("input", ({ target }) => {
    chosen = Object.fromEntries(new FormData(target.form));
    if (target.type === "range") show(target);
  });
  element.addEventListener("change", () => {
    clearTimeout(resting);
    resting = setTimeout(apply, REST);
  });
  element.addEventListener("focusout", () => chosen !== sent && apply());
  element.addEventListener("click", (event) => {
    if (!event.target.closest("[data-defaults]")) return;
    clearTimeout(resting);
    chosen = sent = undefined;
    trigger("clear", {});
  });
  watch("value", () => {
    let differs = false;
    for (const field of element.querySelectorAll("input")) {
      const slides = field.type === "range";
      const value = chosen?.[field.name];
      differs ||= slides ? field.getAttribute("value") !== value : field.defaultChecked !== (field.value === value);
      if (slides) field.value = value ?? field.getAttribute("value");
      else field.checked = value === undefined ? field.defaultChecked : field.value === value;
      if (slides) show(field);
    }
    // An earlier change may have arrived after the last one, which counts.
    if (!chosen || chosen !== sent || repeated || !differs) return;
    repeated = true;
    trigger("apply", sent);
  });
}
