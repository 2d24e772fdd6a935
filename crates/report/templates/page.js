// Filters for what a page lists: an extra. Without this script everything is on the page. What is listed,
// what it is called and what it is told apart by, the page says in the attributes of `#filter`.
(() => {
  "use strict";
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

  const host = document.getElementById("filter");
  const status = document.getElementById("status");
  if (!host || !status) return;
  const { items: each, outer, one: single, many: several } = host.dataset;
  const items = [...document.querySelectorAll(each)];
  const keys = host.dataset.keys.split(" ");
  if (items.length < 2) return;

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const one = (number) => `${number.toLocaleString("en")} ${number === 1 ? single : several}`;

  // Words that have an order of their own, the worst first.
  const order = ["critical", "high", "medium", "low", "info",
    "fail", "stale", "not-run", "manual", "waived", "pass", "not-applicable"];
  const shaped = ["severity", "status"];

  // What an item is searched by: the titles of what it stands in, and its own words.
  const texts = new Map();
  const textOf = (item) => {
    let text = texts.get(item);
    if (text === undefined) {
      const titles = [];
      for (let at = item.closest(outer); at; at = at.parentElement?.closest(outer)) {
        titles.push(at.querySelector(":scope > summary > h3, :scope > .where")?.textContent);
      }
      text = `${titles.join(" ")} ${item.textContent}`.toLowerCase();
      texts.set(item, text);
    }
    return text;
  };

  const search = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: false });
  const form = make("form", { className: "filter" },
    make("p", { className: "ask" }, make("label", { htmlFor: "search" }, `Search the ${several}`), search));
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", `Filter the ${several}`);

  const boxes = [];
  const group = (key, values) => {
    if (values.length < 2) return;
    const set = make("fieldset", {}, make("legend", {}, key[0].toUpperCase() + key.slice(1)));
    for (const [value, number] of values) {
      const box = make("input", { type: "checkbox", checked: true });
      box.dataset.key = key;
      box.value = value;
      const word = make("span", {}, value);
      if (shaped.includes(key)) {
        word.className = `${key} ${value}`;
        const mark = make("span", { className: `shape ${value}` });
        mark.setAttribute("aria-hidden", "true");
        word.prepend(mark);
      }
      boxes.push(box);
      set.append(make("label", { className: "chip" }, box, word, make("span", { className: "many" }, ` ${number.toLocaleString("en")}`)));
    }
    form.append(set);
  };
  const rank = (value) => (order.includes(value) ? order.indexOf(value) : order.length);
  for (const key of keys) {
    const counts = new Map();
    for (const item of items) {
      const value = item.dataset[key];
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    group(key, [...counts].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1)));
  }
  const reset = make("button", { type: "button", hidden: true }, "Show all");
  form.append(reset);
  host.append(form);

  const apply = () => {
    const wanted = search.value.trim().toLowerCase();
    const off = new Map(keys.map((key) => [key, new Set()]));
    for (const box of boxes) if (!box.checked) off.get(box.dataset.key).add(box.value);
    const filtered = wanted !== "" || boxes.some((box) => !box.checked);
    let shown = 0;
    for (const item of items) {
      const fits = keys.every((key) => !off.get(key).has(item.dataset[key]))
        && (wanted === "" || textOf(item).includes(wanted));
      item.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const around of document.querySelectorAll(outer)) {
      around.hidden = around.querySelector(`${each}:not([hidden])`) === null;
      // What was asked for shall be seen, not the fold around it.
      if (filtered && !around.hidden && around.localName === "details") around.open = true;
    }
    const all = shown === items.length;
    reset.hidden = !filtered;
    if (!filtered) status.textContent = "";
    else if (all) status.textContent = `All ${one(items.length)} fit.`;
    else status.textContent = `${shown.toLocaleString("en")} of ${one(items.length)} shown.`;
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

  // A link to something that is filtered out would lead nowhere.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.closest("[hidden]") || target?.querySelector(`:scope > ${each}[hidden]`)) {
      reset.click();
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
})();
