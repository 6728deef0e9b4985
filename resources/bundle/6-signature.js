// The signature over the tag manifest: SSHSIG (openssh PROTOCOL.sshsig) by an Ed25519 key that allowed_signers names.
const NAMESPACE = "evidencevault-bundle";
const PRINCIPAL = "evidencevault-release";
const HASHES = { sha256: "SHA-256", sha512: "SHA-512" };

const ascii = (text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));
const fromBase64 = (text) => ascii(atob(text));
const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));

function lengthFirst(bytes) {
  const made = new Uint8Array(4 + bytes.length);
  new DataView(made.buffer).setUint32(0, bytes.length);
  made.set(bytes, 4);
  return made;
}

// Reads length-prefixed strings; throws RangeError where the bytes end too soon.
function fields(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const take = (count) => {
    if (at + count > bytes.length) throw new RangeError("cut off");
    at += count;
    return bytes.subarray(at - count, at);
  };
  return {
    take,
    number: () => { take(4); return view.getUint32(at - 4); },
    string: () => { take(4); return take(view.getUint32(at - 4)); },
    ended: () => at === bytes.length,
  };
}

function parseSignature(armored) {
  const match = /^-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)\n-----END SSH SIGNATURE-----\n$/.exec(armored);
  if (!match) throw new Error("no SSHSIG");
  const binary = fromBase64(match[1].replace(/\n/g, ""));
  // Base64 leaves room for signs that say nothing: there is one way to write it.
  if (toBase64(binary).replace(/.{70}(?=.)/g, "$&\n") !== match[1]) throw new Error("written otherwise");
  const outer = fields(binary);
  const words = (bytes) => new TextDecoder().decode(bytes);
  if (words(outer.take(6)) !== "SSHSIG" || outer.number() !== 1) throw new Error("no SSHSIG");
  const blob = outer.string();
  const [namespace, reserved, algorithm] = [outer.string(), outer.string(), words(outer.string())];
  const [key, signed] = [fields(blob), fields(outer.string())];
  const types = [words(key.string()), words(signed.string())];
  const [raw, signature] = [key.string(), signed.string()];
  const whole = [outer, key, signed].every((one) => one.ended()) && raw.length === 32 && signature.length === 64;
  if (!whole || types.some((type) => type !== "ssh-ed25519") || words(namespace) !== NAMESPACE || !(algorithm in HASHES)) {
    throw new Error("another kind of signature");
  }
  return { blob, raw, signature, namespace, reserved, algorithm };
}

// {state: right | wrong | missing | other | unable, fingerprint}
async function checkSignature(tagManifest, armored, allowed) {
  if (!tagManifest || !armored || !allowed) return { state: "missing", fingerprint: null };
  let parsed;
  try {
    parsed = parseSignature(new TextDecoder().decode(armored));
  } catch {
    return { state: "wrong", fingerprint: null };
  }
  const line = `${PRINCIPAL} namespaces="${NAMESPACE}" ssh-ed25519 ${toBase64(parsed.blob)}`;
  const print = toBase64(new Uint8Array(await crypto.subtle.digest("SHA-256", parsed.blob))).replace(/=+$/, "");
  const fingerprint = `SHA256:${print}`;
  if (!new TextDecoder().decode(allowed).split("\n").includes(line)) return { state: "wrong", fingerprint };
  const digest = new Uint8Array(await crypto.subtle.digest(HASHES[parsed.algorithm], tagManifest));
  const message = joined(ascii("SSHSIG"), lengthFirst(parsed.namespace), lengthFirst(parsed.reserved),
    lengthFirst(ascii(parsed.algorithm)), lengthFirst(digest));
  let key;
  try {
    key = await crypto.subtle.importKey("raw", parsed.raw, "Ed25519", false, ["verify"]);
  } catch {
    // Browsers of before 2025 have no Ed25519.
    return { state: "unable", fingerprint };
  }
  if (!await crypto.subtle.verify("Ed25519", key, parsed.signature, message)) return { state: "wrong", fingerprint };
  return { state: fingerprint === CASE.fingerprint ? "right" : "other", fingerprint };
}
