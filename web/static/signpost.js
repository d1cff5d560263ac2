// Everything works without this: it focuses error summaries, stops double clicks, sorts tables, and has the slider.
import { Button, ErrorSummary, SkipLink, createAll } from "./vendor/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
createAll(Button);
createAll(ErrorSummary);
createAll(SkipLink);

// A table whose columns can be sorted: by what a cell says, or by its data-value.
function said(row, column) {
  const cell = row.cells[column];
  return cell.dataset.value ?? cell.textContent.trim();
}

function sort(table, head) {
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const column = head.cellIndex, body = table.tBodies[0];
  const compared = (one, other) => said(one, column).localeCompare(said(other, column), "en", { numeric: true });
  body.append(...[...body.rows].sort((one, other) => (down ? -1 : 1) * compared(one, other)));
}

for (const table of document.querySelectorAll("table[data-sortable]")) {
  for (const head of table.tHead.rows[0].cells) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "sp-sort" });
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(table, head));
    head.append(button);
  }
}

// The slider writes its day into the field, and shows it when it is let go.
const slider = document.querySelector("#slider");
if (slider) {
  const field = document.querySelector("#on"), first = Date.parse(slider.dataset.first);
  const told = (day) => day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const set = () => {
    const day = new Date(first + slider.value * 86_400_000);
    const today = slider.value === slider.max;
    field.value = today ? "" : day.toISOString().slice(0, 10);
    slider.nextElementSibling.textContent = told(day);
    slider.setAttribute("aria-valuetext", told(day));
  };
  slider.parentElement.hidden = false;
  slider.setAttribute("aria-valuetext", slider.nextElementSibling.textContent);
  slider.form.action = slider.form.action.split("#")[0]; // it is found again by its focus, which a place would take away
  slider.addEventListener("input", set);
  let soon;
  slider.addEventListener("change", () => {
    set();
    clearTimeout(soon); // by keyboard each step is a change
    soon = setTimeout(() => slider.form.requestSubmit(), 600);
  });
  const moved = new URLSearchParams(location.search).has("on");
  if (moved && !document.querySelector(".govuk-error-summary")) slider.focus();
}
document.body.dataset.ready = "1";
