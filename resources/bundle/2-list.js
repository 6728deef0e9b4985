// The documents: filtered, sorted, and drawn a part at a time, for a case may have thousands.
const DOCUMENTS = CASE.documents.map(([name, last, path, exhibit, kind, pages, bytes, sha256, note, reasons]) =>
  ({ number: name, last, path: `data/${path}`, exhibit, kind, pages, bytes, sha256, note, reasons,
     marks: reasons.reduce((sum, [, , count]) => sum + count, 0), result: null }));
const HELD = new Map(CASE.withheld.map(([document, , reason]) => [document, reason]));
const STEP = 150;

for (const one of DOCUMENTS) one.codes = new Set([...one.reasons.map(([code]) => code), ...[HELD.get(one.number)].filter(Boolean)]);

const COLUMNS = [
  ["number", (one) => one.number], ["exhibit", (one) => one.exhibit], ["kind", (one) => kindOf(one.kind)],
  ["pages", (one) => one.pages], ["marks", (one) => one.marks], ["reasons", (one) => reasonsOf(one)],
  ["SHA-256", (one) => one.sha256], ["checked", (one) => (one.result ? say(`s_${one.result}`) : "")],
];
const sorting = { column: 0, down: false };

// A table that draws its first rows, and more of them when its end comes into view or is asked for.
function growing(body, draw) {
  const more = element("button", { type: "button", class: "more" });
  const tools = { items: [], drawn: 0 };
  body.closest(".table").after(more);
  const label = () => {
    more.hidden = tools.drawn >= tools.items.length;
    more.textContent = say("more", { n: number(tools.items.length - tools.drawn) });
  };
  tools.grow = (count = STEP) => {
    const part = tools.items.slice(tools.drawn, tools.drawn + count);
    body.append(...part.map(draw));
    tools.drawn += part.length;
    label();
  };
  tools.show = (items) => {
    const before = Math.max(STEP, Math.min(tools.drawn, items.length === tools.items.length ? tools.drawn : 0));
    tools.items = items;
    tools.drawn = 0;
    body.replaceChildren();
    tools.grow(before);
  };
  more.addEventListener("click", () => tools.grow());
  new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting) && !more.hidden) tools.grow(); },
    { rootMargin: "600px" }).observe(more);
  addEventListener("beforeprint", () => tools.grow(Infinity));
  return tools;
}

function kindOf(kind) {
  return `k_${kind}` in CATALOGUES.en ? say(`k_${kind}`) : visible(kind);
}

function reasonOf(code) {
  return `r_${code}` in CATALOGUES.en ? say(`r_${code}`) : visible(code);
}

function reasonsOf(one) {
  return one.reasons.map(([code, label]) => `${reasonOf(code)} ${label}`).join(", ") || one.note;
}

function reasonCell(one) {
  const chips = one.reasons.map(([code, label, count]) => chip("plain",
    element("bdi", { title: code }, reasonOf(code)), label ? " · " : "", label ? told(label) : "",
    ...(count > 1 ? [" ", exact(`×${count}`)] : [])));
  const note = one.note ? element("bdi", { class: "note" }, visible(one.note)) : "";
  return element("span", { class: "chips" }, ...chips, note);
}

const CHIPS = { right: "good", large: "warn", unread: "warn" };
const resultChip = (result) => chip(CHIPS[result] ?? "bad", say(`s_${result}`));

function documentRow(one) {
  const open = element("button", { type: "button", class: "open", "aria-label": say("show", { number: visible(one.number) }) },
    exact(one.number));
  open.addEventListener("click", () => view(one));
  const numbers = one.last === one.number ? open : element("span", {}, open, " – ", exact(one.last));
  const cells = [numbers, told(one.exhibit), element("span", {}, kindOf(one.kind)), one.pages ? exact(String(one.pages)) : null,
    one.marks ? exact(String(one.marks)) : null, one.reasons.length || one.note ? reasonCell(one) : null,
    hash(one.sha256), one.result ? resultChip(one.result) : null];
  const classes = { 3: "count", 4: "count", 5: "why", 6: "hash" };
  return element("tr", { role: "row" }, ...cells.map((cell, place) => element("td",
    { role: "cell", class: [classes[place], cell ? "" : "empty"].filter(Boolean).join(" ") || null,
      "data-label": heading(place) }, ...(cell ? [cell] : []))));
}

const heading = (place) => (COLUMNS[place][0] === "SHA-256" ? "SHA-256" : say(COLUMNS[place][0]));

function fitting() {
  const words = byId("words").value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const [kind, reason] = [byId("kind").value, byId("reason").value];
  return DOCUMENTS.filter((one) => (!kind || one.kind === kind) && (!reason || one.codes.has(reason)) &&
    words.every((word) => searched(one).includes(word)));
}

const searched = (one) => [one.number, one.last, one.exhibit, kindOf(one.kind), one.path, one.sha256, one.note, reasonsOf(one),
  ...one.codes].join("\n").toLocaleLowerCase();

function sorted(items) {
  const order = new Intl.Collator(language, { numeric: true });
  const key = COLUMNS[sorting.column][1];
  const keyed = items.map((one) => [key(one), one]);
  keyed.sort(([a], [b]) => (typeof a === "number" ? a - b : order.compare(a, b)));
  if (sorting.down) keyed.reverse();
  return keyed.map(([, one]) => one);
}

let list = null;
let shown = [];

function drawList() {
  shown = sorted(fitting());
  list.show(shown);
  byId("nothing").hidden = shown.length > 0;
  byId("count").textContent = say("shown", { shown: isolated(number(shown.length)), total: isolated(number(DOCUMENTS.length)) });
}

function drawColumns() {
  const kept = document.activeElement?.dataset?.column;
  byId("columns").replaceChildren(...COLUMNS.map((_, place) => {
    const button = element("button", { type: "button", "data-column": place }, heading(place));
    button.addEventListener("click", () => {
      sorting.down = sorting.column === place && !sorting.down;
      sorting.column = place;
      drawColumns();
      drawList();
    });
    const order = sorting.column === place ? (sorting.down ? "descending" : "ascending") : "none";
    return element("th", { role: "columnheader", scope: "col", "aria-sort": order }, button);
  }));
  if (kept) byId("columns").querySelector(`[data-column="${Number(kept)}"]`).focus();
}

function drawChoices() {
  const kinds = [...new Set(DOCUMENTS.map((one) => one.kind))].sort();
  const codes = [...new Set(DOCUMENTS.flatMap((one) => [...one.codes]))].sort();
  for (const [id, values, name] of [["kind", kinds, kindOf], ["reason", codes, reasonOf]]) {
    const kept = byId(id).value;
    byId(id).replaceChildren(element("option", { value: "" }, say("all")),
      ...values.map((value) => element("option", { value }, name(value))));
    byId(id).value = kept;
  }
}

function drawHeld() {
  const rows = CASE.withheld.map(([name, exhibit, reason, basis, agreed]) => element("tr", {},
    element("td", {}, told(exhibit)), element("td", {}, element("bdi", { title: reason }, reasonOf(reason))),
    element("td", {}, told(basis), agreed ? element("span", { class: "note" }, say("second_person")) : ""),
    element("td", {}, exact(name))));
  const none = element("tr", {}, element("td", { colspan: "4" }, say("nothing_withheld")));
  byId("held").replaceChildren(...(rows.length ? rows : [none]));
}

function startList() {
  list = growing(byId("rows"), documentRow);
  byId("words").addEventListener("input", drawList);
  for (const id of ["kind", "reason"]) byId(id).addEventListener("change", drawList);
  byId("filter").addEventListener("submit", (event) => event.preventDefault());
  byId("filter").addEventListener("reset", () => setTimeout(drawList));
  whenSpoken.push(drawChoices, drawColumns, drawList, drawHeld);
}
