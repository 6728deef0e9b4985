// The page comes to life: what needs scripts is shown, and folders are taken in.
let running = false;
let stop = false;

async function take(asked) {
  if (running) return;
  [running, stop] = [true, false];
  outcome = null;
  drawOutcome();
  byId("running").hidden = false;
  byId("said").textContent = say("reading");
  byId("bar").removeAttribute("value");
  let result;
  try {
    result = await check(await asked, { stopped: () => stop, progress });
  } catch (error) {
    result = { kind: "unreadable" };
    console.error(error);
  }
  byId("running").hidden = true;
  running = false;
  settle(result);
}

function progress(done, whole) {
  byId("bar").value = whole ? done / whole : 1;
  byId("said").textContent = say("progress", { done: size(done), all: size(whole) });
}

function startCheck() {
  if (!globalThis.crypto?.subtle) {
    byId("drop").hidden = true;
    byId("no-crypto").hidden = false;
    return;
  }
  const [place, input] = [byId("drop"), byId("folder")];
  byId("choose").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files.length) take(Promise.resolve(chosen(input.files)));
    // The same folder may be chosen again after it was mended.
    input.value = "";
  });
  byId("cancel").addEventListener("click", () => { stop = true; });
  // Anywhere on the page: a folder dropped beside the place would else replace the page.
  const holdsFiles = (event) => event.dataTransfer.types.includes("Files");
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    place.classList.add("over");
  });
  addEventListener("dragleave", (event) => { if (!event.relatedTarget) place.classList.remove("over"); });
  addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    place.classList.remove("over");
    take(dropped(event.dataTransfer));
  });
}

for (const one of document.querySelectorAll(".live")) one.hidden = false;
startList();
startView();
startCheck();
whenSpoken.push(drawOutcome);
speak(startLanguage());
