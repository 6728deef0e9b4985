// Manifests (RFC 8493, 2.1.3) and hashes. Limits and rules are those of the program, so that both find the same.
const TAG_MANIFEST = "tagmanifest-sha256.txt";
const PAYLOAD_MANIFEST = "manifest-sha256.txt";
const UNLISTED = [TAG_MANIFEST, `${TAG_MANIFEST}.sig`];
const LARGEST_MANIFEST = 64 * 2 ** 20;
// crypto.subtle.digest takes a file whole, so it must fit into memory; a larger one is for sha256sum.
const LARGEST_FILE = 2 ** 30;

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes));

// Digests by path, and the numbers of the lines that are none. Only CR, LF and % are written with percent signs.
function parseManifest(bytes, payload) {
  const digests = new Map();
  const wrong = [];
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { digests, wrong: [1] };
  }
  const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
  lines.forEach((line, place) => {
    const match = /^([0-9A-Fa-f]{64})[ \t]+\*?(.+)$/.exec(line);
    const path = match && match[2].replace(/%(0[AaDd]|25)/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
    const safe = path && !path.split("/").some((part) => part === "" || part === "." || part === "..");
    if (!safe || digests.has(path) || path.startsWith("data/") !== payload) wrong.push(place + 1);
    else digests.set(path, match[1].toLowerCase());
  });
  return { digests, wrong: text ? wrong : [] };
}

// The name that bag-info.txt gives the bundle.
function externalIdentifier(bytes) {
  const line = new TextDecoder().decode(bytes).split(/\r\n?|\n/).find((one) => /^External-Identifier:/i.test(one));
  return line ? line.slice(line.indexOf(":") + 1).trim() : null;
}
