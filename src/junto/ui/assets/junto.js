// Small comforts. Every page works without them.
(() => {
  "use strict";

  // After a form came back with errors, keyboard and screen reader begin at the summary.
  document.querySelector(".j-error-summary")?.focus();

  // Where not all tabs of a community fit, the one that is open is among those in view.
  const tab = document.querySelector(".j-tabs [aria-current]");
  const tabs = tab?.closest(".j-tabs");
  if (tabs && tabs.scrollWidth > tabs.clientWidth) {
    tabs.scrollLeft += tab.getBoundingClientRect().right - tabs.getBoundingClientRect().right + 24;
  }

  // A second press of the button sends nothing twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  const forget = () => {
    for (const form of document.forms) delete form.dataset.sent;
  };
  window.addEventListener("pageshow", forget);
  document.addEventListener("htmx:afterRequest", forget);

  // "/" leads to the search field, unless somebody is typing.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = document.getElementById("find");
    if (!field) return;
    event.preventDefault();
    field.focus();
  });

  // A button that puts something into the text of its form.
  const reveal = (root) => {
    for (const button of root.querySelectorAll("[data-insert]")) button.hidden = false;
  };
  reveal(document);
  document.addEventListener("htmx:load", (event) => reveal(event.target));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    const field = button?.form?.elements.body;
    if (!field) return;
    field.setRangeText(`\n\n${button.dataset.insert}\n\n`, field.selectionStart, field.selectionEnd, "end");
    field.focus();
  });

  // The search field suggests while somebody types: a combobox as ARIA describes it (list, with a choice by the arrows).
  for (const field of document.querySelectorAll("[data-suggest]")) {
    const list = document.createElement("ul");
    const said = document.createElement("p");
    let lines = [];
    let chosen = -1;
    let waits = 0;
    let asked = "";
    list.id = `${field.id}-suggestions`;
    list.className = "j-suggest";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", field.labels[0]?.textContent.trim() ?? "");
    said.className = "usa-sr-only";
    said.setAttribute("role", "status");
    const box = document.createElement("div");
    box.className = "j-suggest-box";
    field.replaceWith(box);
    box.append(field, list, said);
    field.removeAttribute("list");
    for (const [name, value] of Object.entries({
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": list.id,
    })) field.setAttribute(name, value);

    const close = () => {
      chosen = -1;
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      field.removeAttribute("aria-activedescendant");
    };
    const choose = (number) => {
      list.children[chosen]?.setAttribute("aria-selected", "false");
      chosen = number;
      const line = list.children[chosen];
      line?.setAttribute("aria-selected", "true");
      line?.scrollIntoView({ block: "nearest" });
      if (line) field.setAttribute("aria-activedescendant", line.id);
      else field.removeAttribute("aria-activedescendant");
    };
    const show = (answer) => {
      lines = answer.lines;
      list.replaceChildren(
        ...lines.map((one, number) => {
          const line = document.createElement("li");
          line.id = `${list.id}-${number}`;
          line.setAttribute("role", "option");
          line.setAttribute("aria-selected", "false");
          for (const [part, text] of [["name", one.name], ["about", [one.kind, one.note].filter(Boolean).join(" · ")]]) {
            const piece = document.createElement("span");
            piece.className = `j-suggest__${part}`;
            piece.textContent = text;
            line.append(piece, " ");
          }
          return line;
        }),
      );
      close();
      said.textContent = answer.said;
      list.hidden = !lines.length;
      field.setAttribute("aria-expanded", String(Boolean(lines.length)));
    };
    const ask = async () => {
      const words = field.value.trim();
      asked = words;
      if (words.length < 2) return show({ lines: [], said: "" });
      try {
        const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(words)}`);
        if (answer.ok && asked === words && document.activeElement === field) show(await answer.json());
      } catch {
        close();
      }
    };
    field.addEventListener("input", () => {
      clearTimeout(waits);
      waits = setTimeout(ask, 250);
    });
    field.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing) return;
      const count = lines.length;
      if (event.key === "ArrowDown") choose(chosen + 1 < count ? chosen + 1 : -1);
      else if (event.key === "ArrowUp") choose(chosen < 0 ? count - 1 : chosen - 1);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && chosen >= 0) location.assign(lines[chosen].href);
      else return;
      event.preventDefault();
    });
    field.addEventListener("blur", close);
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) location.assign(lines[[...list.children].indexOf(line)].href);
    });
  }

  // What is folded is printed, too.
  window.addEventListener("beforeprint", () => {
    for (const quote of document.querySelectorAll("details.j-quote")) quote.open = true;
  });
})();
