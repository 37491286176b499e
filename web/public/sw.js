// Keeps the page's own files, so that it opens without the service and says so. Answers are never kept.
const SHELL = "mingbai-page-1";
const MOST = 60; // files of some versions; the oldest go
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((c) => c.addAll(["./", "./theme.js", "./icon.svg"])).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || url.search) return;
  const page = event.request.mode === "navigate" && url.pathname === new URL("./", self.registration.scope).pathname;
  if (url.pathname.includes("/assets/")) event.respondWith(kept(event.request)); // named by their content: never change
  else if (page || /\/(theme\.js|icon\.svg)$/.test(url.pathname)) event.respondWith(fresh(event.request));
});
async function kept(request) {
  const cache = await caches.open(SHELL);
  const found = await cache.match(request);
  if (found) return found;
  const got = await fetch(request);
  if (got.ok) await cache.put(request, got.clone());
  const keys = await cache.keys();
  if (keys.length > MOST) await Promise.all(keys.slice(0, keys.length - MOST).map((old) => cache.delete(old)));
  return got;
}
async function fresh(request) {
  const cache = await caches.open(SHELL);
  try {
    const got = await fetch(request);
    if (got.ok) await cache.put(request.mode === "navigate" ? "./" : request, got.clone());
    return got;
  } catch (gone) {
    const found = await cache.match(request.mode === "navigate" ? "./" : request);
    if (found) return found;
    throw gone;
  }
}
