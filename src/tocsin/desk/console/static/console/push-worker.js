// Shows a warning while no page is open. It knows only what the push brought; the link has the rest.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  event.waitUntil(show(event.data));
});

// A push that cannot be read still shows: silence would be worse.
async function show(data) {
  let found = {};
  try {
    found = data.json();
  } catch {
    found = {};
  }
  await self.registration.showNotification(found.title || "Tocsin: a warning for you", {
    body: found.body || "Open your bulletins.",
    tag: found.tag || "tocsin",
    renotify: true,
    requireInteraction: true,
    data: { link: found.link || "/mine" },
  });
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = new URL(event.notification.data.link, self.location.origin);
  // Only a page of ours is opened, whatever a push says.
  const target = link.origin === self.location.origin ? link.href : "/mine";
  event.waitUntil(self.clients.openWindow(target));
});
