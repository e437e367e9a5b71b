"use strict";
(function () {
  var root = document.documentElement, status = document.getElementById("status"), contents = document.querySelector("nav details");
  root.classList.add("js");
  if (contents && window.matchMedia("(max-width: 68rem)").matches) contents.removeAttribute("open");

  function byHand(text) {
    var area = document.createElement("textarea");
    area.value = text;
    area.setAttribute("readonly", "");
    area.className = "away";
    document.body.appendChild(area);
    area.select();
    var done = false;
    try { done = document.execCommand("copy"); } catch (e) { done = false; }
    document.body.removeChild(area);
    return done;
  }

  function tell(button, done) {
    var label = button.textContent;
    button.textContent = done ? "Copied" : "Select it by hand";
    button.classList.toggle("done", done);
    status.textContent = done ? "Copied: " + button.getAttribute("data-of") : "It could not be copied. Select it by hand.";
    button.disabled = true;
    window.setTimeout(function () {
      button.textContent = label;
      button.disabled = false;
      button.classList.remove("done");
    }, 1600);
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    if (button.id === "print") { window.print(); return; }
    var text = button.getAttribute("data-copy");
    if (text === null) return;
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(function () { tell(button, true); }, function () { tell(button, byHand(text)); });
    } else {
      tell(button, byHand(text));
    }
  });
})();
