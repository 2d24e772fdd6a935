// What a reader with other eyes, or without a mouse, must be able to rely on. Returns the faults.
const faults = [];
const say = (what, element) => {
  const text = (element?.textContent ?? "").trim().replace(/\s+/g, " ").slice(0, 60);
  faults.push(element ? `${what}: <${element.localName} class="${element.className}"> ${text}` : what);
};
const all = (selector) => [...document.querySelectorAll(selector)];
const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });

// The document.
if (document.documentElement.lang !== "en") say("no language");
if (document.title.trim() === "") say("no title");
for (const selector of ["main", "body > header", "body > footer", "nav[aria-label]", "h1"]) {
  if (all(selector).length !== 1) say(`${all(selector).length} of ${selector}`);
}
const ids = new Set();
for (const element of all("[id]")) {
  if (ids.has(element.id)) say("identifier stands twice", element);
  ids.add(element.id);
}
for (const element of all("[aria-labelledby], [aria-describedby]")) {
  const id = element.getAttribute("aria-labelledby") ?? element.getAttribute("aria-describedby");
  if (!ids.has(id)) say(`no element ${id}`, element);
}

// Headings in order, none skipped on the way down.
let last = 0;
for (const heading of all("h1, h2, h3, h4, h5, h6").filter(isSeen)) {
  const level = Number(heading.localName[1]);
  if (level > last + 1) say(`heading after level ${last}`, heading);
  if (heading.textContent.trim() === "") say("empty heading", heading);
  last = level;
}

// Names, and where links lead.
for (const control of all("input, button, select, textarea, summary")) {
  const label = control.labels?.[0]?.textContent ?? control.getAttribute("aria-label") ?? "";
  const own = control.matches("button, summary") ? control.textContent : "";
  if (`${label}${own}`.trim() === "") say("control without a name", control);
}
for (const group of all("fieldset")) {
  if ((group.querySelector("legend")?.textContent ?? "").trim() === "") say("group without a name", group);
}
for (const link of all("a")) {
  const address = link.getAttribute("href") ?? "";
  if (link.textContent.trim() === "") say("link without text", link);
  if (address.startsWith("#") && !ids.has(address.slice(1))) say(`link to nowhere ${address}`, link);
  if (!address.startsWith("#") && link.rel !== "noopener noreferrer") say("link tells where from", link);
}
for (const element of all("[tabindex]")) {
  if (element.tabIndex > 0) say("own order of the keyboard", element);
}
for (const hidden of all("[aria-hidden=true]")) {
  if (hidden.querySelector("a, input, button, summary")) say("control that is hidden", hidden);
}
for (const image of all("img, svg")) {
  if (!image.alt && image.getAttribute("aria-hidden") !== "true") say("picture without words", image);
}
for (const list of all("ul, ol")) {
  if ([...list.children].some((child) => child.localName !== "li")) say("list of something else", list);
}
for (const item of all("li")) {
  if (!item.parentElement.matches("ul, ol")) say("item without a list", item);
}

// Contrast of text against what is painted behind it: WCAG 2, 4.5 to 1.
const channels = (color) => {
  const numbers = color.match(/[\d.]+/g).map(Number);
  return { rgb: numbers.slice(0, 3), alpha: numbers[3] ?? 1 };
};
const luminance = ([red, green, blue]) => {
  const linear = (value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
};
const behind = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const { rgb, alpha } = channels(getComputedStyle(at).backgroundColor);
    if (alpha === 1) return rgb;
    if (alpha > 0) say("background that shines through", at);
  }
  return [255, 255, 255];
};
const contrast = (a, b) => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
};
const seen = new Set();
for (const element of all("body *")) {
  const speaks = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
  const isShape = element.matches(".shape");
  if (!(speaks || isShape) || element.matches("script, style") || !isSeen(element)) continue;
  const style = getComputedStyle(element);
  const { rgb, alpha } = channels(isShape ? style.backgroundColor : style.color);
  const ground = behind(isShape ? element.parentElement : element);
  const key = `${element.className} ${element.parentElement.className} ${rgb} ${ground}`;
  if (seen.has(key)) continue;
  seen.add(key);
  const ratio = contrast(rgb, ground);
  // A shape is a graphic, which needs 3 to 1.
  if (alpha !== 1 || ratio < (isShape ? 3 : 4.5)) {
    say(`contrast ${ratio.toFixed(2)} of rgb(${rgb}) on rgb(${ground})`, element);
  }
}
if (seen.size < 20) say(`only ${seen.size} pairs of colours were seen`);

// Nothing sticks out to the right.
const width = document.documentElement.clientWidth;
if (document.scrollingElement.scrollWidth > width) say(`scrolls to ${document.scrollingElement.scrollWidth}`);
for (const element of all("main *, header *, footer *").filter(isSeen)) {
  const right = element.getBoundingClientRect().right;
  if (right > width + 1) say(`sticks out to ${right} of ${width}`, element);
}
return faults;
