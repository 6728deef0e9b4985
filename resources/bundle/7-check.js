// The check itself: every file hashed once, then held against both manifests and against what this page names.
const FAULTS = ["other", "malformed", "changed", "differs", "missing", "extra", "unnamed", "twice"];
const UNKNOWN = ["unread", "large"];
const KEPT = [TAG_MANIFEST, `${TAG_MANIFEST}.sig`, PAYLOAD_MANIFEST, "allowed_signers", "bag-info.txt"];
const SYSTEM = /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]+)$/i;

// {kind: none | many}, {kind: stopped, n} or {kind: done, rows, signature, files, bytes}; a row is {path, result, expected, found, note}.
async function check(given, tools) {
  const folder = bagFolder(given);
  if (folder === null || folder === undefined) return { kind: folder === null ? "none" : "many" };
  const inside = given.filter(({ path }) => path.startsWith(folder))
    .map(({ path, file }) => ({ path: path.slice(folder.length), file }));
  const [present, twice] = once(inside);
  const kept = await hashAll(present, tools);
  // The manifests may not have been read: what seems to be known of other files would mislead.
  if (tools.stopped()) return { kind: "stopped", n: [...present.values()].filter(({ state }) => state === "open").length };
  const signature = await checkSignature(...[TAG_MANIFEST, `${TAG_MANIFEST}.sig`, "allowed_signers"].map((path) => kept.get(path)));
  const rows = [...judged(present, kept), ...twice.map((path) => ({ path, result: "twice" }))];
  const order = [...FAULTS, ...UNKNOWN];
  const place = ({ result }) => (order.includes(result) ? order.indexOf(result) : order.length);
  rows.sort((a, b) => place(a) - place(b) || (a.path < b.path ? -1 : 1));
  return { kind: "done", rows, signature, files: present.size, bytes: [...present.values()].reduce((sum, { file }) => sum + file.size, 0) };
}

// Files by path; apart, those that a file system which does not tell capitals apart could not hold together.
function once(files) {
  const [present, folded, twice] = [new Map(), new Set(), []];
  for (const { path, file } of files) {
    const key = path.normalize("NFC").toLowerCase();
    if (folded.has(key)) twice.push(path);
    else present.set(path, { file, digest: null, state: "open" });
    folded.add(key);
  }
  return [present, twice];
}

// Fills in each file's digest; the bytes of the few that are read as well are kept: what was hashed is what is read.
async function hashAll(present, tools) {
  const kept = new Map();
  const whole = [...present.values()].reduce((sum, { file }) => sum + (file.size > LARGEST_FILE ? 0 : file.size), 0);
  let done = 0;
  for (const [path, one] of present) {
    if (tools.stopped()) return kept;
    if (one.file.size > LARGEST_FILE) {
      one.state = "large";
      continue;
    }
    try {
      const bytes = new Uint8Array(await one.file.arrayBuffer());
      one.digest = await sha256(bytes);
      one.state = "hashed";
      if (KEPT.includes(path) && bytes.length <= LARGEST_MANIFEST) kept.set(path, bytes);
    } catch {
      one.state = "unread";
    }
    done += one.file.size;
    tools.progress(done, whole);
  }
  return kept;
}

function judged(present, kept) {
  const rows = [];
  const expected = new Map();
  for (const [manifest, payload] of [[PAYLOAD_MANIFEST, true], [TAG_MANIFEST, false]]) {
    const bytes = kept.get(manifest);
    if (!bytes) continue;
    const { digests, wrong } = parseManifest(bytes, payload);
    for (const line of wrong) rows.push({ path: manifest, result: "malformed", note: ["n_line", { n: line }] });
    for (const [path, digest] of digests) expected.set(path, digest);
  }
  const named = new Map(DOCUMENTS.map((one) => [one.path, one.sha256]));
  const holders = new Map([...expected, ...named].map(([path, digest]) => [digest, path]));
  const must = [...expected.keys(), ...named.keys(), PAYLOAD_MANIFEST, ...UNLISTED, "bagit.txt", "index.html"];
  for (const path of new Set([...present.keys(), ...must])) rows.push(judge(path, present.get(path), expected, named, holders));
  const info = kept.get("bag-info.txt");
  const name = info ? externalIdentifier(info) : null;
  if (name !== null && name !== CASE.name) rows.push({ path: "bag-info.txt", result: "other", note: ["n_bundle", { name: visible(name) }] });
  return rows;
}

function judge(path, one, expected, named, holders) {
  const wanted = expected.get(path) ?? named.get(path) ?? null;
  const row = (result, note = null) => ({ path, result, expected: wanted, found: one?.digest ?? null, note });
  if (!one) return row("missing");
  if (one.state !== "hashed") return row(one.state);
  if (UNLISTED.includes(path)) return row("unlisted");
  // fetch.txt sends readers elsewhere for the rest: no bundle of ours has one, listed or not.
  if (!expected.has(path) || path === "fetch.txt") {
    const holder = holders.get(one.digest);
    if (SYSTEM.test(path)) return row("extra", ["n_system", {}]);
    return row("extra", holder ? ["n_holds", { path: isolated(visible(holder)) }] : null);
  }
  if (one.digest !== expected.get(path)) {
    const holder = holders.get(one.digest);
    return row("changed", holder ? ["n_holds", { path: isolated(visible(holder)) }] : null);
  }
  if (named.has(path) && named.get(path) !== one.digest) return { ...row("differs"), expected: named.get(path) };
  if (path.startsWith("data/documents/") && !named.has(path)) return row("unnamed");
  return row("right");
}
