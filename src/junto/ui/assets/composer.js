// The composer: buttons and keys for Markdown, files dropped or pasted. Everything else htmx does, or the form itself.
(() => {
  "use strict";

  const AROUND = { bold: "**", italic: "*" };
  const BEFORE = { list: "- ", quote: "> " };
  const KEYS = { b: "bold", i: "italic", k: "link" };
  const SHIFTED = { Digit8: "list", Digit9: "quote" };

  // Typed as if by hand, so that the browser's own "undo" takes it back.
  const type = (area, text, begin, end) => {
    area.focus();
    area.setSelectionRange(begin, end);
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, begin, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  const mark = (area, kind) => {
    const { selectionStart: begin, selectionEnd: end, value } = area;
    const chosen = value.slice(begin, end);
    if (kind in AROUND) {
      const sign = AROUND[kind];
      type(area, sign + chosen + sign, begin, end);
      area.setSelectionRange(begin + sign.length, begin + sign.length + chosen.length);
    } else if (kind === "link") {
      const isAddress = /^https?:\/\/\S+$/.test(chosen);
      type(area, isAddress ? `[](${chosen})` : `[${chosen}](https://)`, begin, end);
      const at = isAddress ? begin + 1 : begin + chosen.length + 3;
      area.setSelectionRange(at, isAddress ? at : at + 8);
    } else {
      const from = value.lastIndexOf("\n", begin - 1) + 1;
      const lines = value.slice(from, end).split("\n");
      type(area, lines.map((line) => BEFORE[kind] + line).join("\n"), from, end);
    }
  };

  for (const tools of document.querySelectorAll(".j-editor__tools")) tools.hidden = false;

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-mark]");
    if (button) mark(button.closest(".j-editor").querySelector("textarea"), button.dataset.mark);
  });

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches(".j-editor textarea") || event.altKey || !(event.ctrlKey || event.metaKey)) return;
    const kind = event.shiftKey ? SHIFTED[event.code] : KEYS[event.key.toLowerCase()];
    if (!kind) return;
    event.preventDefault();
    mark(event.target, kind);
  });

  // Files that come by drag or paste go the way of the file field.
  const take = (event, files) => {
    const field = event.target.closest?.(".j-composer")?.querySelector("[name=files]");
    if (!field || !files?.length) return;
    event.preventDefault();
    const carried = new DataTransfer();
    for (const file of files) carried.items.add(file);
    field.files = carried.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const over = (event) => (event.dataTransfer?.types.includes("Files") ? event.target.closest?.(".j-composer") : null);
  document.addEventListener("paste", (event) => take(event, event.clipboardData?.files));
  document.addEventListener("drop", (event) => {
    take(event, event.dataTransfer?.files);
    for (const form of document.querySelectorAll(".j-composer--over")) form.classList.remove("j-composer--over");
  });
  document.addEventListener("dragover", (event) => {
    const form = over(event);
    if (!form) return;
    event.preventDefault();
    form.classList.add("j-composer--over");
  });
  document.addEventListener("dragleave", (event) => {
    const form = event.target.closest?.(".j-composer");
    if (form && !form.contains(event.relatedTarget)) form.classList.remove("j-composer--over");
  });

  // After a part came in, keyboard and screen reader go on where there is something to do.
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt;
    if (part.id === "sending") part.querySelector("[role=alert] a, #preview-head, #hints-head")?.focus();
    if (part.id === "attachments") part.querySelector("[data-wanted], [name=files]")?.focus();
  });

  // What could not be saved is said, and not lost: it stays in the form.
  for (const failed of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(failed, (event) => {
      const state = event.target.closest("form")?.querySelector(".j-draft-state") ?? document.getElementById("draft-state");
      if (state) state.textContent = state.dataset.failed;
    });
  }
})();
