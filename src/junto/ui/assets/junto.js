// Small comforts. Every page works without them.
(() => {
  "use strict";

  // After a form came back with errors, keyboard and screen reader begin at the summary.
  document.querySelector(".j-error-summary")?.focus();

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

  // What is folded is printed, too.
  window.addEventListener("beforeprint", () => {
    for (const quote of document.querySelectorAll("details.j-quote")) quote.open = true;
  });
})();
