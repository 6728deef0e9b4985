// The files that were given, dropped or chosen, as {path, file}; read, and nothing else.

// Chromium gives a page from disk no entries of a dropped folder (EncodingError), but handles; Firefox has only entries.
function dropped(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  // Both must be asked for before the event is over.
  const asked = items.map((item) => (item.getAsFileSystemHandle ? item.getAsFileSystemHandle() : null));
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  return Promise.all(items.map(async (_, place) => {
    const handle = await asked[place];
    return handle ? ofHandle(handle, handle.name) : ofEntry(entries[place]);
  })).then((parts) => parts.flat());
}

async function ofHandle(handle, path) {
  if (handle.kind === "file") return [{ path, file: await handle.getFile() }];
  const found = [];
  for await (const [name, child] of handle.entries()) found.push(...await ofHandle(child, `${path}/${name}`));
  return found;
}

async function ofEntry(entry) {
  if (!entry) throw new Error("no entry");
  if (entry.isFile) {
    return [{ path: entry.fullPath.replace(/^\//, ""), file: await new Promise((done, failed) => entry.file(done, failed)) }];
  }
  const reader = entry.createReader();
  const found = [];
  // A call gives at most 100 entries; an empty answer is the end.
  for (;;) {
    const part = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!part.length) return found;
    for (const child of part) found.push(...await ofEntry(child));
  }
}

const chosen = (files) => [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

// The folder of the one bag among these files, "" or ending in "/"; null where there is none, undefined where there are more.
function bagFolder(files) {
  const marks = /^((?:.*\/)?)(?:bagit\.txt|(?:tag)?manifest-sha256\.txt)$/;
  const folders = new Set(files.map(({ path }) => marks.exec(path)?.[1]).filter((one) => one !== undefined));
  const outer = [...folders].filter((one) => ![...folders].some((other) => other !== one && one.startsWith(other)));
  if (!outer.length) return null;
  return outer.length > 1 ? undefined : outer[0];
}
