// Filters for the findings: an extra. Without this script everything is on the page.
(() => {
  "use strict";
  const findings = [...document.querySelectorAll(".finding")];
  const host = document.getElementById("filter");
  const status = document.getElementById("status");
  if (!host || !status || findings.length < 2) return;

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const one = (number) => `${number.toLocaleString("en")} ${number === 1 ? "finding" : "findings"}`;

  // What a finding is searched by: its file, its place and its own words.
  const texts = new Map();
  const textOf = (finding) => {
    let text = texts.get(finding);
    if (text === undefined) {
      const path = finding.closest(".file").querySelector("h3").textContent;
      const where = finding.closest(".place").querySelector(".where").textContent;
      text = `${path} ${where} ${finding.textContent}`.toLowerCase();
      texts.set(finding, text);
    }
    return text;
  };

  const search = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: false });
  const form = make("form", { className: "filter" },
    make("p", { className: "ask" }, make("label", { htmlFor: "search" }, "Search the findings"), search));
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Filter the findings");

  const boxes = [];
  const group = (title, key, values, shape) => {
    if (values.length < 2) return;
    const set = make("fieldset", {}, make("legend", {}, title));
    for (const [value, number] of values) {
      const box = make("input", { type: "checkbox", checked: true });
      box.dataset.key = key;
      box.value = value;
      const word = make("span", {}, value);
      if (shape) {
        word.className = `severity ${value}`;
        const mark = make("span", { className: `shape ${value}` });
        mark.setAttribute("aria-hidden", "true");
        word.prepend(mark);
      }
      boxes.push(box);
      set.append(make("label", { className: "chip" }, box, word, make("span", { className: "many" }, ` ${number.toLocaleString("en")}`)));
    }
    form.append(set);
  };
  const tally = (key, known) => {
    const counts = new Map(known.map((value) => [value, 0]));
    for (const finding of findings) {
      const value = finding.dataset[key];
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return [...counts].filter(([, number]) => number > 0);
  };
  group("Severity", "severity", tally("severity", ["critical", "high", "medium", "low", "info"]), true);
  group("Linter", "linter", tally("linter", []).sort(([a], [b]) => (a < b ? -1 : 1)), false);
  const quiet = findings.filter((finding) => finding.classList.contains("suppressed")).length;
  if (quiet > 0 && quiet < findings.length) {
    group("State", "state", [["active", findings.length - quiet], ["suppressed", quiet]], false);
  }
  const reset = make("button", { type: "button", hidden: true }, "Show all");
  form.append(reset);
  host.append(form);

  const apply = () => {
    const wanted = search.value.trim().toLowerCase();
    const off = { severity: new Set(), linter: new Set(), state: new Set() };
    for (const box of boxes) if (!box.checked) off[box.dataset.key].add(box.value);
    let shown = 0;
    for (const finding of findings) {
      const state = finding.classList.contains("suppressed") ? "suppressed" : "active";
      const fits = !off.severity.has(finding.dataset.severity)
        && !off.linter.has(finding.dataset.linter)
        && !off.state.has(state)
        && (wanted === "" || textOf(finding).includes(wanted));
      finding.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const outer of document.querySelectorAll(".place, .file")) {
      outer.hidden = outer.querySelector(".finding:not([hidden])") === null;
    }
    const all = shown === findings.length;
    const filtered = wanted !== "" || boxes.some((box) => !box.checked);
    reset.hidden = !filtered;
    if (!filtered) status.textContent = "";
    else if (all) status.textContent = `All ${one(findings.length)} fit.`;
    else status.textContent = `${shown.toLocaleString("en")} of ${one(findings.length)} shown.`;
  };
  let waiting = 0;
  const soon = () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(apply);
  };
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => event.preventDefault());
  reset.addEventListener("click", () => {
    search.value = "";
    for (const box of boxes) box.checked = true;
    apply();
    search.focus();
  });

  // A link to a finding that is filtered out would lead nowhere.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest("[hidden]") || target?.querySelector(":scope > .finding[hidden]")) {
      reset.click();
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);

  // Browsers whose style sheets cannot open what is folded, on paper.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const details of opened) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of opened) details.open = false;
    opened = [];
  });
})();
