// What came out, in words: the verdict, the signature, what was found, every file.
let outcome = null;

function verdict({ rows, signature, files, bytes }) {
  const count = (results) => rows.filter((one) => results.includes(one.result)).length;
  const unsigned = ["wrong", "missing", "other"].includes(signature.state) ? 1 : 0;
  const [faults, unknown] = [count(FAULTS), count(UNKNOWN)];
  if (faults + unsigned) return ["bad", say("v_bad", { n: number(faults + unsigned) })];
  if (unknown) return ["warn", say("v_part", { n: number(unknown) })];
  return ["good", say("v_good", { n: number(files), size: size(bytes) })];
}

function signatureBanner({ state, fingerprint }) {
  const kind = { right: "good", unable: "warn" }[state] ?? "bad";
  const print = fingerprint ? element("p", {}, hash(fingerprint)) : "";
  // The words are those of the key that this page names, and so of no other.
  const words = state === "right" ? element("p", {}, say("in_words"), ": ",
    element("bdi", { dir: "ltr", lang: "en" }, element("code", {}, byId("key-words").textContent))) : "";
  const compare = state === "right" ? element("span", {}, say("compare")) : "";
  return element("div", { class: `banner ${kind}`, id: "signature", "data-state": state },
    element("strong", {}, say("signature")), say(`g_${state}`), print, words, compare);
}

function fileRow(one) {
  const chipKind = one.result === "unlisted" ? "plain" : CHIPS[one.result] ?? "bad";
  const notes = [];
  if (one.note) notes.push(element("span", { class: "note" }, say(...one.note)));
  if (one.result === "changed" || one.result === "differs") {
    for (const [key, value] of [["expected", one.expected], ["found", one.found]]) {
      notes.push(element("span", { class: "note" }, `${say(key)} `, hash(value)));
    }
  }
  if (one.result === "large") {
    // Quoted for a shell: a path of a forged bundle may hold anything.
    const quoted = `'${visible(one.path).replaceAll("'", "'\\''")}'`;
    notes.push(element("span", { class: "note" }, say("n_large"), " ", hash(`sha256sum ${quoted}`)),
      element("span", { class: "note" }, `${say("expected")} `, hash(one.expected ?? "")));
  }
  return element("tr", { "data-result": one.result, "data-path": one.path },
    element("td", {}, exact(one.path), ...notes),
    element("td", {}, chip(chipKind, say(`s_${one.result}`))));
}

function fileTable(rows, id) {
  const body = element("tbody", { id });
  const titles = ["file", "result"].map((key) => element("th", { scope: "col" }, say(key)));
  const table = element("div", { class: "table" }, element("table", {}, element("thead", {}, element("tr", {}, ...titles)), body));
  const holder = element("div", {}, table);
  growing(body, fileRow).show(rows);
  return holder;
}

function drawOutcome() {
  const place = byId("outcome");
  if (outcome === null) return place.replaceChildren();
  if (outcome.kind !== "done") {
    return place.replaceChildren(element("div", { class: "banner warn", id: "verdict", "data-verdict": outcome.kind },
      say(`v_${outcome.kind}`, { n: number(outcome.n ?? 0) })));
  }
  const [kind, words] = verdict(outcome);
  const bad = outcome.rows.filter((one) => [...FAULTS, ...UNKNOWN].includes(one.result));
  const findings = bad.length ? [element("h3", {}, say("findings")), fileTable(bad, "findings")] : [];
  const every = element("details", { id: "every" }, element("summary", {}, `${say("all_files")} (${number(outcome.rows.length)})`),
    fileTable(outcome.rows, "files"));
  return place.replaceChildren(
    element("div", { class: `banner ${kind}`, id: "verdict", "data-verdict": kind, tabindex: "-1" }, element("strong", {}, words)),
    signatureBanner(outcome.signature), ...findings, every);
}

function settle(result) {
  outcome = result;
  const results = new Map(result.rows?.map((one) => [one.path, one.result]) ?? []);
  for (const one of DOCUMENTS) one.result = results.get(one.path) ?? null;
  drawOutcome();
  drawList();
}
