// Words, numbers and elements. Nothing here or below makes markup of a text: elements are created, texts are set.
const byId = (id) => document.getElementById(id);
const CATALOGUES = JSON.parse(byId("texts").textContent);
const CASE = JSON.parse(byId("data").textContent);
const LANGUAGES = { en: "English", nl: "Nederlands", fr: "Français", es: "Español", ar: "العربية" };
const RIGHT_TO_LEFT = ["ar"];

// Signs that turn the direction of writing, break lines or do not print: shown by their number, never obeyed.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
const visible = (text) => text.replace(HIDDEN, (sign) =>
  `⟨U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

let language = document.documentElement.lang;

function say(key, values = {}) {
  const text = CATALOGUES[language][key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

// "ar" alone would write other digits than the hashes, paths and dates beside them.
const number = (value) => new Intl.NumberFormat(language === "ar" ? "ar-u-nu-latn" : language).format(value);

function size(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < units.length - 1; unit += 1) value /= 1024;
  return isolated(`${number(unit ? Math.round(value * 10) / 10 : value)} ${units[unit]}`);
}

// For the inside of a translated sentence: U+2066 … U+2069 keep left-to-right text from mixing with Arabic.
const isolated = (text) => `\u2066${text}\u2069`;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

// Text of the case: isolated, and with its direction found out by itself unless it is a path, a number or a hash.
const told = (text) => element("bdi", {}, visible(text));
const exact = (text) => element("bdi", { dir: "ltr" }, visible(text));
const hash = (text) => element("bdi", { dir: "ltr" }, element("code", {}, text));
const chip = (kind, ...children) => element("span", { class: `chip ${kind}` }, ...children);

// What is drawn anew when another language is chosen.
const whenSpoken = [];

function speak(code) {
  language = code;
  document.documentElement.lang = code;
  document.documentElement.dir = RIGHT_TO_LEFT.includes(code) ? "rtl" : "ltr";
  for (const one of document.querySelectorAll("[data-t]")) one.textContent = say(one.dataset.t);
  for (const one of document.querySelectorAll("[data-t-label]")) one.setAttribute("aria-label", say(one.dataset.tLabel));
  for (const draw of whenSpoken) draw();
}

function startLanguage() {
  const choice = byId("language");
  for (const [code, name] of Object.entries(LANGUAGES)) {
    choice.append(element("option", { value: code, lang: code }, name));
  }
  const wanted = navigator.languages.map((code) => code.slice(0, 2).toLowerCase()).find((code) => code in LANGUAGES);
  choice.value = wanted ?? language;
  choice.addEventListener("change", () => speak(choice.value));
  return choice.value;
}
