// Before the first paint, so that a chosen theme or language does not flash. A file, since the page allows no inline script.
(function () {
  try {
    var look = localStorage.getItem("mingbai.look");
    if (look === "light" || look === "dark") document.documentElement.dataset.look = look;
    var lang = localStorage.getItem("mingbai.lang");
    if (lang === "en") document.documentElement.lang = "en";
  } catch (e) {
    /* storage is off: the system's theme stands */
  }
})();
