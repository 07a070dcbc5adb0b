// Runs once for the limits of what can be added, which are `element`. A file that the server would refuse is left
// out here and named, so that it keeps no other from being sent.

const limits = element.querySelector("[data-kinds]").dataset;
const kinds = limits.kinds.split(" ");
const refused = element.querySelector("ul");
const field = "#add-documents input[type=file]";
const panel = element.closest("#panel-documents");

function problem(file, number) {
  const kind = file.name.toLowerCase().match(/\.[^.]*$/)?.[0];
  if (!kinds.includes(kind)) return `“${file.name}” is of a kind that cannot be read. Use one of: ${kinds.join(", ")}.`;
  if (file.size > Number(limits.bytes)) return `“${file.name}” is larger than ${limits.bytes / 1e6} MB. Divide it.`;
  if (!file.size) return `“${file.name}” is empty.`;
  if (number >= Number(limits.files)) return `“${file.name}” is one too many. Add it afterwards.`;
  return "";
}

// Gradio then finds in its field what is left of the files.
function sift(files, chosen) {
  const kept = new DataTransfer();
  const problems = [];
  for (const file of files) {
    const said = problem(file, kept.files.length);
    if (said) problems.push(said);
    else kept.items.add(file);
  }
  refused.replaceChildren(
    ...problems.map((text) => {
      const item = document.createElement("li");
      item.className = "problem";
      item.textContent = text;
      return item;
    }),
  );
  chosen.files = kept.files;
  return kept.files.length;
}

panel.addEventListener(
  "change",
  (event) => {
    if (event.target.matches(field) && !sift(event.target.files, event.target)) event.stopPropagation();
  },
  true,
);

// Files can be dropped anywhere on the panel. Text that is dragged is not for it.
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");

for (const movement of ["dragenter", "dragover"]) {
  panel.addEventListener(movement, (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    panel.dataset.dragging = "";
  });
}
panel.addEventListener("dragleave", (event) => {
  if (!panel.contains(event.relatedTarget)) delete panel.dataset.dragging;
});
panel.addEventListener(
  "drop",
  (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    delete panel.dataset.dragging;
    const chosen = panel.querySelector(field);
    if (!chosen) return;
    chosen.files = event.dataTransfer.files;
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
  },
  true,
);
