// The drill board: shows each picture that /events brings. Texts are set as text, never as markup.
"use strict";

const WORDS = JSON.parse(document.getElementById("words").textContent);
const TOP = document.getElementById("top");
const ROLE = TOP.dataset.role;
const LANGUAGE = document.documentElement.lang;
const ANSWERS = ROLE !== "witness";
const LONG = 120; // letters of a note
const SILENCE_MS = 25000; // more than two signs of life of the server
const MARKS = { passed: "✓", failed: "✗", unknown: "?", skipped: "–", not_run: "·", ok: "✓" };

let picture = null; // the last one
let behind = 0; // seconds that this machine's clock is ahead of Kunren's
let lateTold = false; // that an answer does not count
let reloaded = true; // until the first picture is shown
let stands = ""; // the stage and the pause that are shown
let asked = 0; // the serial number of the request that is shown

const $ = (id) => document.getElementById(id);
const w = (key, values = {}) => WORDS[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

function make(tag, text = "", attributes = {}, ...children) {
  const made = document.createElement(tag);
  if (text !== "") made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== "") made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter(Boolean));
  return made;
}

const lists = new Map();
function fill(id, items, each) {
  // A list is made anew only when it has changed: who reads or selects in it is not disturbed.
  const told = JSON.stringify(items);
  if (lists.get(id) === told) return;
  lists.set(id, told);
  $(id).replaceChildren(...items.map(each));
}

function say(id, text, cls = "") {
  const at = $(id);
  if (at.textContent !== text) at.textContent = text;
  if (at.className !== cls) at.className = cls;
}

function reply(text, bad = false) {
  // It stays until it is read: closed by hand, or gone with the next act or the next request; that an answer came too
  // late outlasts the next request, which may come before it.
  lateTold = false;
  $("told").replaceChildren(...(text ? [make("span", text), closing()] : []));
  $("told").hidden = !text;
  $("told").className = bad ? "strip bad" : "strip good";
}

function closing() {
  const made = make("button", "✕", { type: "button", class: "close", "aria-label": w("board.close") });
  made.addEventListener("click", () => reply(""));
  return made;
}

async function send(act, sent, done = "") {
  reply("");
  let refused = "";
  let late = false;
  try {
    const answer = await fetch(`/${act}?lang=${LANGUAGE}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Board": TOP.dataset.token },
      body: JSON.stringify(sent),
    });
    if (!answer.ok) ({ refused, late } = await answer.json());
  } catch {
    refused = w("board.not_sent");
  }
  reply(refused || done, Boolean(refused));
  lateTold = Boolean(late);
  return !refused;
}

function confirmed({ title, told, label = "", yes, no }) {
  const dialog = $("dialog");
  $("dialog-title").textContent = title;
  $("dialog-told").textContent = told;
  $("dialog-label").textContent = label;
  $("dialog-label").hidden = $("dialog-text").hidden = !label;
  $("dialog-text").value = "";
  $("dialog-no").textContent = no;
  $("dialog-yes").textContent = yes;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((settle) => {
    dialog.addEventListener("close", () => settle(dialog.returnValue === "yes" ? { text: $("dialog-text").value } : null), { once: true });
  });
}

// -- the open request ------------------------------------------------------------------------------------------------

function section(title, ...children) {
  return [make("h3", title), ...children];
}

function bullets(texts, cls = "") {
  return make("ul", "", { class: `bullets ${cls}` }, ...texts.map((text) => make("li", text)));
}

function clickable(click) {
  // Labels of the products stand out; they are in square brackets of the language.
  return click.text.split(/([[［][^\]］]+[\]］])/).map((part, n) => {
    if (!(n % 2)) return document.createTextNode(part);
    return make("b", part, { class: click.unverified.includes(part.slice(1, -1)) ? "unverified" : "" });
  });
}

function clicks(request) {
  const list = make("ol", "", { class: "clicks" }, ...request.clicks.map((click) => make("li", "", {}, make("div", "", {}, ...clickable(click)))));
  if (!request.clicks.some((click) => click.unverified.length)) return list;
  return make("div", "", {}, list, make("p", "", { class: "soft" }, make("b", "[…]", { class: "unverified" }), ` ${w("board.unverified")}`));
}

function guidance(request) {
  const all = [];
  if (request.clicks.length) all.push(...section(w("board.do"), clicks(request)));
  if (request.values?.length) {
    all.push(...section(w("board.enter_values"), make("dl", "", { class: "facts" }, ...request.values.flatMap((each) => [make("dt", each.label), make("dd", each.value)]))));
  }
  if (request.differs) all.push(...section(w("board.differs"), make("p", request.differs)));
  if (request.expects.length) all.push(...section(w("board.expect"), bullets(request.expects)));
  if (request.avoid.length) all.push(...section(w("board.avoid"), bullets(request.avoid, "avoid")));
  if (request.stop.length) all.push(...section(w("board.stop_when"), bullets(request.stop), make("p", request.call, { class: "now" })));
  if (request.remedies.length) {
    all.push(make("details", "", { class: "remedies" }, make("summary", w("board.remedies", { n: request.remedies.length })),
      make("dl", "", {}, ...request.remedies.flatMap((each) => [make("dt", each.seen), make("dd", each.do, {}, make("small", ` ${each.source}`))]))));
  }
  return all;
}

function showPractised(request) {
  if (!request?.did || !$("practised") || $("practised").textContent) return;
  $("practised").textContent = w(request.did.done ? "board.practice_did" : "board.practice_refused", { said: request.did.said });
  $("practise").disabled = true;
  if (request.did.done) $("shown").value = request.did.said;
}

function showRequest(request) {
  const card = $("request");
  card.hidden = !request;
  if (!request) {
    asked = 0;
    card.replaceChildren();
    return;
  }
  if (asked === request.serial) return;
  asked = request.serial;
  if (!lateTold) reply("");
  const kind = request.kind === "task" ? w("board.task") : w("board.question");
  const headline = make("div", "", { class: "headline" },
    make("p", kind, { class: "kind" }),
    make("h2", request.title, { id: "request-title", tabindex: "-1" }),
    make("dl", "", { class: "facts" },
      make("dt", w("board.who")), make("dd", w("board.for_operator")),
      make("dt", w("board.host")), make("dd", request.host),
      request.window && make("dt", w("board.window")), request.window && make("dd", request.window),
      make("dt", w("board.subject")), make("dd", request.subject),
      make("dt", w("board.left")), make("dd", "", { class: "countdown", "data-countdown": "request" })));
  const body = request.kind === "task" ? taskForm(request) : questionForm(request);
  card.replaceChildren(headline, ...body);
  if (reloaded) typeAgain();
  $("announced").textContent = `${kind}: ${request.title}`;
  if (document.activeElement === document.body) $("request-title").focus({ preventScroll: true });
  toTop();
}

function toTop() {
  // What is to be done now is at the top; who is writing a note is left at it.
  if (document.activeElement !== $("said") || !$("said").value) window.scrollTo({ top: 0 });
}

// -- what is typed survives a reload ----------------------------------------------------------------------------------

const typed = () => [...document.querySelectorAll("#request input, #request textarea, #said")];

function keepTyped() {
  const fields = typed().map((each) => (each.type === "radio" ? each.checked : each.value));
  sessionStorage.setItem("typed", JSON.stringify({ of: TOP.dataset.token.slice(0, 8), asked, rows: $("rows")?.children.length, fields }));
}

function typeAgain() {
  const kept = JSON.parse(sessionStorage.getItem("typed") ?? "{}");
  if (kept.of !== TOP.dataset.token.slice(0, 8) || kept.asked !== asked) return;
  while ($("row-add") && $("rows").children.length < kept.rows) $("row-add").click();
  const fields = typed();
  if (fields.length !== kept.fields.length) return;
  fields.forEach((each, n) => {
    if (each.type === "radio") each.checked = kept.fields[n];
    else if (each.type !== "file") each.value = kept.fields[n];
  });
}

function timeInput() {
  return make("input", "", { type: "time", step: "1", id: "done-at" });
}

function taskForm(request) {
  const at = timeInput();
  const said = make("textarea", "", { id: "shown", rows: "2", maxlength: "2000" });
  const give = async (outcome, more = {}) => {
    await send("answer", { serial: request.serial, outcome, ...more });
  };
  const done = make("button", w("board.done"), { type: "button", class: "main", id: "done" });
  done.addEventListener("click", () => give("done", { at: at.value, reason: said.value, confirmed: request.strikes }));
  const cannot = make("button", w("board.not_possible"), { type: "button", id: "not-possible" });
  cannot.addEventListener("click", async () => {
    const why = await confirmed({ title: w("board.not_possible"), told: w("board.not_possible_told"), label: w("board.reason"), yes: w("board.not_possible_yes"), no: w("board.back") });
    if (why) await give("not possible", { reason: why.text });
  });
  const answers = ANSWERS
    ? [make("label", w("board.done_at"), { for: "done-at" }, make("small", ` ${w("board.done_at_hint")}`)), at,
        make("label", w("board.said"), { for: "shown" }, make("span", ` ${w("board.optional")}`, { class: "optional" })), said,
        make("div", "", { class: "buttons" }, done, cannot)]
    : [make("p", w("board.refused.for_operator"), { class: "soft" })];
  const practise = make("button", w("board.practice_do"), { type: "button", class: "small", id: "practise" });
  practise.addEventListener("click", () => send("practise", { serial: request.serial }));
  const practice = request.practice && ANSWERS && make("div", "", { class: "practice" }, make("p", w("board.practice_task")), practise, make("p", "", { id: "practised", class: "now" }));
  if (!request.strikes) return [...guidance(request), practice, ...answers].filter(Boolean);
  const inside = make("div", "", { hidden: true }, ...guidance(request), practice, ...answers);
  const begin = make("button", w("board.strikes_begin"), { type: "button", class: "danger", id: "strike" });
  begin.addEventListener("click", async () => {
    if (await confirmed({ title: w("board.strikes_sure", { host: request.host }), told: w("board.strikes_told"), yes: w("board.strikes_yes"), no: w("board.back") })) {
      inside.hidden = false;
      begin.hidden = true;
      $("request-title").focus(); // what is to be done is read from the top before it is said to be done
    }
  });
  return [make("p", w("board.strikes", { host: request.host }), { class: "strikes" }), ANSWERS && begin, inside].filter(Boolean);
}

// -- questions -------------------------------------------------------------------------------------------------------

let rowsMade = 0;

function field(each, row, values) {
  const id = `f${row}-${each.name}`;
  const value = values?.[each.name] ?? "";
  const label = [each.label, each.optional && make("span", ` ${w("board.optional")}`, { class: "optional" })].filter(Boolean);
  const options = each.kind === "flag"
    ? [{ word: "true", label: w("board.yes") }, { word: "false", label: w("board.no") }]
    : each.choices;
  if (each.kind === "choice" || each.kind === "flag") {
    return make("fieldset", "", { class: "field", "data-field": each.name }, make("legend", "", {}, ...label), make("div", "", { class: "choices" },
      ...options.map((one) => make("label", "", { class: "choice" },
        make("input", "", { type: "radio", name: id, value: one.word, checked: one.word === value }), make("span", one.label)))));
  }
  const input = each.kind === "lines"
    ? make("textarea", Array.isArray(value) ? value.join("\n") : value, { id, rows: "3" })
    : make("input", "", { id, type: "text", inputmode: each.kind === "number" ? "numeric" : false, value: String(value), maxlength: "2000", autocomplete: "off" });
  return make("div", "", { class: "field", "data-field": each.name }, make("label", "", { for: id }, ...label, each.kind === "lines" && make("small", ` ${w("board.one_per_line")}`)), input);
}

function read(row) {
  const found = {};
  for (const each of row.querySelectorAll("[data-field]")) {
    const radio = each.matches("fieldset");
    found[each.dataset.field] = radio
      ? each.querySelector("input:checked")?.value ?? ""
      : each.querySelector("input, textarea").value;
  }
  return found;
}

function questionForm(request) {
  const rows = make("div", "", { id: "rows" });
  const add = (values) => {
    rowsMade += 1;
    const fields = request.fields.map((each) => field(each, rowsMade, values));
    if (!request.several) {
      rows.append(make("div", "", { class: "row" }, ...fields));
      return;
    }
    const remove = make("button", w("board.row_remove"), { type: "button", class: "small" });
    const row = make("fieldset", "", { class: "row" }, make("legend", w("board.row", { n: rows.children.length + 1 })), ...fields, remove);
    remove.addEventListener("click", () => row.remove());
    rows.append(row);
  };
  const remark = make("textarea", "", { id: "remark", rows: "2", maxlength: "2000" });
  const form = make("form", "", { id: "answer", novalidate: true }, rows);
  const give = (more) => send("answer", { serial: request.serial, text: remark.value, ...more });
  const buttons = make("div", "", { class: "buttons" }, make("button", w("board.answer"), { class: "main", id: "give" }));
  const button = (text, act, id) => {
    const made = make("button", text, { type: "button", id });
    made.addEventListener("click", act);
    buttons.append(made);
  };
  if (request.several) button(w("board.row_add"), () => add(), "row-add");
  button(w("board.cannot_tell"), () => give({ known: false }), "cannot-tell");
  const none = request.maybe_none && make("button", w("board.none"), { type: "button", id: "none" });
  if (none) none.addEventListener("click", () => give({ rows: [] }));
  if (none) form.prepend(none);
  form.append(make("label", w("board.remark"), { for: "remark" }, make("span", ` ${w("board.optional")}`, { class: "optional" })), remark, buttons);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const told = [...rows.children].map(read);
    const filled = told.filter((row) => Object.values(row).some(Boolean));
    give({ rows: filled.length ? filled : told });
  });
  if (!request.several || !request.practice) add();
  const awaited = request.awaited && make("p", w("board.awaited", { what: request.awaited }), { class: "awaited" });
  const practice = request.practice && ANSWERS && practised(request, (values) => {
    rows.replaceChildren();
    values.forEach(add);
  });
  const shut = ANSWERS ? [make("h3", w("board.what_shown")), form] : [make("p", w("board.refused.for_operator"), { class: "soft" })];
  return [awaited, ...guidance(request), practice, ...shut].filter(Boolean);
}

function practised(request, take) {
  const labels = Object.fromEntries(request.fields.map((each) => [each.name, each.label]));
  const words = Object.fromEntries(request.fields.flatMap((each) => each.choices.map((one) => [`${each.name}=${one.word}`, one.label])));
  const flags = { true: w("board.yes"), false: w("board.no") };
  const lines = request.shown.map((row) => Object.entries(row).filter(([, value]) => value !== "").map(([name, value]) => `${labels[name] ?? name}: ${words[`${name}=${value}`] ?? flags[value] ?? value}`).join(" / "));
  const use = make("button", w("board.practice_take"), { type: "button", class: "small", id: "take" });
  use.addEventListener("click", () => take(request.shown));
  return make("div", "", { class: "practice" }, make("p", lines.length ? w("board.practice_shows") : w("board.practice_shows_nothing")), lines.length && bullets(lines), lines.length && use);
}

// -- the rest of the page --------------------------------------------------------------------------------------------

function showCourse(drill) {
  if (!drill) return;
  const many = drill.of > 1 ? w("board.drill_of", { n: drill.number, of: drill.of }) : "";
  say("drill", `${drill.title}${many}`);
  const chapter = drill.chapters[drill.chapter];
  const step = chapter?.steps[drill.step];
  const at = chapter ? w("board.chapter_of", { n: drill.chapter + 1, of: drill.chapters.length, name: chapter.name }) : "";
  say("chapter", at);
  say("doing", step ? w("board.doing", { step: step.text, began: drill.began }) : "");
  const items = drill.chapters.map((each, n) => ({ ...each, now: n === drill.chapter, step: drill.step }));
  fill("chapters", items, (each) => make("li", "", {}, make("p", each.name, { class: each.now ? "now" : "" }),
    make("ol", "", { class: "plain" }, ...each.steps.map((one, m) => {
      const now = each.now && m === each.step;
      return make("li", "", { class: now ? "now" : one.outcome }, make("span", now ? "▶" : MARKS[one.outcome]), make("span", one.text));
    }))));
}

function showLab(page) {
  const served = page.served || "not_probed";
  say("served", w("board.served_" + served), page.served);
  say("served-top", page.served ? w("board.served_" + served) : "", page.served);
  fill("tracks-rows", page.tracks, (each) => make("tr", "", {}, make("th", each.of ? `${each.layer} ${each.of}` : each.layer, { scope: "row" }),
    make("td", "", { class: each.result }, `${MARKS[each.result]} ${w("board.probe_" + each.result)}`, each.seen && make("small", ` ${each.seen}`)),
    make("td", each.since ? w("board.since", { at: each.since }) : "")));
  fill("guests", page.guests, (each) => make("li", "", {}, make("b", each.host), ` ${each.guest}: `, make("span", each.state, { class: each.running ? "ok" : "" }),
    make("small", ` ${[each.heartbeat && w("board.heartbeat", { state: each.heartbeat }), each.networks.join(", "), w("board.seen_at", { at: each.time })].filter(Boolean).join(" · ")}`)));
  const scenario = page.scenario;
  say("scenario", scenario ? `${scenario.name}: ${[scenario.state, scenario.direction, w("board.seen_at", { at: scenario.time })].filter(Boolean).join(" · ")}` : "");
  $("no-events").hidden = page.events.length > 0;
  fill("events", page.events, (each) => make("li", "", {}, make("time", each.time), make("span", [each.severity, each.code, each.message].filter(Boolean).join(" "))));
}

const unfolded = new Set();
function remark(text) {
  // A long answer shows its beginning and opens: the notes of a whole drill stay to be overlooked.
  if (text.length <= LONG) return make("span", text);
  const made = make("details", "", { open: unfolded.has(text) }, make("summary", `${text.slice(0, LONG)}…`), make("span", `…${text.slice(LONG)}`));
  made.addEventListener("toggle", () => (made.open ? unfolded.add(text) : unfolded.delete(text)));
  return made;
}

function showPeople(page) {
  fill("people", page.people, (each) => make("li", "", {}, make("b", each.name), ` ${each.role} `, make("small", each.here ? w("board.here") : w("board.away")), each.attested && make("small", ` ✓ ${w("board.has_attested")}`)));
  if ($("invite")) $("invite").hidden = page.stage === "ended";
  fill("remarks", page.remarks, (each) => make("li", "", { class: each.late && "late" }, make("time", each.time), remark(each.text),
    each.picture && make("img", "", { src: `/pictures/${each.picture}`, alt: w("board.picture", { n: each.picture }), loading: "lazy" })));
}

function showHeld(page) {
  const pause = page.pause;
  $("pausing").hidden = !pause && !page.pause_asked;
  if (pause) {
    say("pausing-title", w("board.held", { point: pause.point }));
    say("pausing-told", `${pause.by ? w("board.held_by", { by: pause.by }) : w("board.held_planned")} ${w(pause.restores ? "board.held_restores" : "board.held_stops")}`);
  } else if (page.pause_asked) {
    say("pausing-title", w("board.pause_asked"));
    say("pausing-told", w("board.pause_asked_by", { by: page.pause_asked }));
  }
  $("go-on").hidden = ROLE !== "lead";
  if ($("pause")) $("pause").disabled = page.stage !== "performing" || Boolean(pause || page.pause_asked || page.stopped);
  $("stop").disabled = page.stage !== "performing" || Boolean(page.stopped);
  $("stopped").hidden = !page.stopped;
  say("stopped", page.stopped, "strip bad");
  $("withdrawn").hidden = !page.withdrawn;
  say("withdrawn", page.withdrawn, "strip bad");
}

function showRestored(page) {
  const restored = page.restored;
  $("restoring").hidden = !restored;
  if (!restored) return;
  fill("acts", restored.acts, (each) => make("li", "", { class: each.outcome === "failed" ? "failed" : "" },
    make("span", each.outcome ? (each.outcome === "failed" ? "✗" : "✓") : "·"), make("span", each.name)));
  const said = restored.verdict ? w("board.lab_" + restored.verdict) : restored.waits_for ? w("board.waits_for", { what: restored.waits_for }) : "";
  say("restored", [said, ...restored.differences].join("\n"), `doing now ${restored.verdict}`);
}

function show(page) {
  picture = page;
  behind = Date.now() / 1000 - page.now;
  $("simulated").hidden = !page.simulated;
  say("site", page.site);
  say("stage", w("board.stage_" + page.stage));
  showCourse(page.drill);
  showRequest(page.request);
  showPractised(page.request);
  showHeld(page);
  showRestored(page);
  showLab(page);
  showPeople(page);
  $("idle").hidden = Boolean(page.request || page.pause) || page.stage === "attesting" || page.stage === "ended";
  say("answered", [page.problem, page.answered].filter(Boolean).join("\n"), "soft doing");
  $("attesting").hidden = page.stage !== "attesting";
  $("ended").hidden = page.stage !== "ended";
  const before = stands;
  stands = `${page.stage} ${page.pause?.point ?? ""}`;
  if (before && before !== stands) toTop();
  fill("verdict", page.verdict, (text) => make("li", text));
  $("noting").querySelector("form").hidden = page.stage === "ended";
  document.title = `${page.request ? w("board.title_asked") : ""}${page.drill ? page.drill.title : w("board.title")}`;
  if (reloaded && !page.request) typeAgain();
  reloaded = false;
  tick();
}

function tick() {
  if (!picture) return;
  const ends = { request: picture.request?.until, pause: picture.pause?.until, attest: picture.attest_until };
  for (const at of document.querySelectorAll("[data-countdown]")) {
    const until = ends[at.dataset.countdown];
    const left = until ? Math.max(0, Math.round(until - (Date.now() / 1000 - behind))) : 0;
    const told = w("board.left_told", { left: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` });
    at.textContent = until ? (at.dataset.countdown === "request" ? told : w("board.left_of", { left: told })) : "";
    at.classList.toggle("soon", Boolean(until) && left < 120);
  }
}

let events = null;
let heard = Date.now();
let asleep = false; // a tab behind others, which leaves the connection to them: a browser has six for all its tabs
const tabs = new BroadcastChannel("board");

function connect() {
  asleep = false;
  tabs.postMessage("here");
  events?.close();
  heard = Date.now();
  events = new EventSource(`/events?lang=${LANGUAGE}`);
  const hear = () => {
    heard = Date.now();
    $("lost").hidden = true;
  };
  events.addEventListener("still", hear);
  events.addEventListener("message", (event) => {
    hear();
    const page = JSON.parse(event.data);
    show(page);
    if (page.stage === "ended") events.close();
  });
  events.addEventListener("error", (event) => {
    lost();
    if (event.target === events && events.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
  });
}

function lost() {
  $("lost").textContent = w("board.lost");
  $("lost").hidden = false;
}

function watch() {
  // A network that is gone closes no connection: silence tells it.
  if (asleep || picture?.stage === "ended" || Date.now() - heard < SILENCE_MS) return;
  lost();
  connect();
}

document.addEventListener("input", keepTyped);
$("stop").addEventListener("click", async () => {
  const sure = await confirmed({ title: w("board.stop_sure"), told: w("board.stop_told"), label: w("board.reason"), yes: w("board.stop_yes"), no: w("board.back") });
  if (sure) await send("stop", { because: sure.text });
});
$("pause")?.addEventListener("click", () => send("pause", {}));
$("go-on").addEventListener("click", () => send("go-on", {}));
$("finish")?.addEventListener("click", async () => {
  const missing = picture.people.filter((each) => each.here && !each.attested).map((each) => each.name).join(w("board.between_names"));
  if (missing && !(await confirmed({ title: w("board.finish_sure"), told: w("board.finish_told", { missing }), yes: w("board.finish"), no: w("board.back") }))) return;
  await send("finish", {});
});
$("invite")?.addEventListener("click", () => send("invite", {}, w("board.invited")));
$("attested").addEventListener("input", () => { $("attest").querySelector("button.main").disabled = false; });
$("attest").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await send("attest", { text: $("attested").value }, w("board.attested"))) event.target.querySelector("button.main").disabled = true;
});
$("photo").addEventListener("change", () => {
  const file = $("photo").files[0];
  $("photo").previousElementSibling.textContent = file ? file.name : w("board.note_picture");
});
$("note").addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = $("photo").files[0];
  const coded = file ? await new Promise((settle) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => settle(reader.result.split(",")[1] ?? ""));
    reader.readAsDataURL(file);
  }) : "";
  if (await send("note", { text: $("said").value, picture: coded }, w("board.note_kept"))) {
    event.target.reset();
    $("photo").dispatchEvent(new Event("change"));
  }
});
$("tracks").querySelector("tbody").id = "tracks-rows";
setInterval(tick, 1000);
setInterval(watch, 5000);
tabs.addEventListener("message", () => {
  if (!document.hidden) return;
  asleep = true;
  events.close();
});
document.addEventListener("visibilitychange", () => {
  if (asleep && !document.hidden) connect();
});
window.addEventListener("offline", lost);
window.addEventListener("online", () => asleep || connect());
connect();
