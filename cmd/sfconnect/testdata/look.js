// Looks at a page from outside; each function gives a list of what is wrong.
var tell = function (e) { return e.tagName.toLowerCase() + (e.className ? "." + e.className : "") + " " + e.textContent.trim().slice(0, 40); };
var seen = function (e) { var r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && getComputedStyle(e).visibility !== "hidden"; };
var away = function (e) { return e.closest(".away, .skip, thead") !== null; };

// overflow lists what reaches beyond the window's width.
var overflow = function () {
  var wide = document.documentElement.clientWidth, list = [];
  if (document.documentElement.scrollWidth > wide) list.push("the page is " + document.documentElement.scrollWidth + " wide");
  document.querySelectorAll("body *").forEach(function (e) {
    if (!away(e) && seen(e) && e.getBoundingClientRect().right > wide + 0.5) list.push(tell(e));
  });
  return list;
};

// contrast lists texts with less contrast than least (WCAG 2.2, 1.4.3).
var contrast = function (least) {
  var parse = function (c) { var m = c.match(/[\d.]+/g).map(Number); return { r: m[0], g: m[1], b: m[2], a: m.length > 3 ? m[3] : 1 }; };
  var over = function (top, below) { return { r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1 }; };
  var light = function (c) {
    var f = function (v) { v /= 255; return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
    return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b);
  };
  var ground = function (e) {
    var stack = [];
    for (; e; e = e.parentElement) stack.push(parse(getComputedStyle(e).backgroundColor));
    return stack.reverse().reduce(function (below, top) { return over(top, below); }, { r: 255, g: 255, b: 255, a: 1 });
  };
  var list = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    var e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || /^(SCRIPT|STYLE)$/.test(e.tagName) || away(e) || !seen(e)) continue;
    var below = ground(e), l = light(over(parse(getComputedStyle(e).color), below)), g = light(below);
    var ratio = (Math.max(l, g) + 0.05) / (Math.min(l, g) + 0.05);
    if (ratio < least) list.push(ratio.toFixed(2) + " " + tell(e));
  }
  return list;
};

// unfocused lists what can be reached by keyboard and does not show it.
var unfocused = function () {
  var list = [];
  document.querySelectorAll("a[href], button, input, summary, [tabindex]").forEach(function (e) {
    if (e.closest("details:not([open])") && e.tagName !== "SUMMARY") return;
    e.focus({ focusVisible: true, preventScroll: true });
    if (document.activeElement !== e || getComputedStyle(e).outlineStyle === "none") list.push(tell(e));
  });
  return list;
};

// hidden lists what is to be seen and should not be.
var hidden = function (selectors) {
  var list = [];
  selectors.forEach(function (s) { document.querySelectorAll(s).forEach(function (e) { if (getComputedStyle(e).display !== "none") list.push(tell(e)); }); });
  return list;
};

// links gives where they lead.
var links = function (selector) { return Array.from(document.querySelectorAll(selector), function (a) { return a.href; }); };

