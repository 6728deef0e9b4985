// One document as it lies on the disk. What it is shown with is decided by the ending, as the browser itself decides.
const SHOWN = { pdf: "iframe", png: "img", jpg: "img", jpeg: "img", gif: "img", webp: "img", bmp: "img",
  wav: "audio", flac: "audio", mp3: "audio", m4a: "audio", ogg: "audio", mp4: "video", webm: "video" };
let viewed = null;

// A relative address below data/, each part escaped: no text of the case can name another place.
function address(path) {
  const parts = path.split("/");
  if (parts[0] !== "data" || parts.some((part) => part === "" || part === "." || part === "..")) return null;
  return parts.map(encodeURIComponent).join("/");
}

function stage(one) {
  const where = address(one.path);
  const kind = where === null ? undefined : SHOWN[one.path.split(".").pop().toLowerCase()];
  byId("own-tab").hidden = !kind;
  if (!kind) {
    byId("own-tab").removeAttribute("href");
    return [element("p", {}, say("no_view"), " ", exact(one.path))];
  }
  byId("own-tab").href = where;
  if (kind === "iframe" && navigator.pdfViewerEnabled === false) return [element("p", {}, say("no_pdf"))];
  const label = visible(one.number);
  const media = kind === "audio" || kind === "video";
  return [element(kind, { src: where, [kind === "img" ? "alt" : "title"]: label, controls: media })];
}

function view(one) {
  viewed = one;
  const place = shown.indexOf(one);
  byId("viewed").textContent = visible(one.number);
  byId("stage").replaceChildren(...stage(one));
  byId("previous").disabled = place <= 0;
  byId("next").disabled = place < 0 || place >= shown.length - 1;
  if (!byId("viewer").open) byId("viewer").showModal();
}

function startView() {
  const step = (by) => view(shown[shown.indexOf(viewed) + by]);
  byId("previous").addEventListener("click", () => step(-1));
  byId("next").addEventListener("click", () => step(1));
  byId("close").addEventListener("click", () => byId("viewer").close());
  // What was shown stops playing and lets go of the file.
  byId("viewer").addEventListener("close", () => byId("stage").replaceChildren());
}
