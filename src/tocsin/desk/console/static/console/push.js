// Switches notifications on for this browser: the person asks, the browser asks him once more.

const form = document.getElementById("push");
const words = document.getElementById("push-words");
const button = document.getElementById("push-on");

function say(text) {
  words.textContent = text;
}

function isOffered() {
  if (!window.isSecureContext) return say("Notifications need an https address here.");
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    return say("This browser cannot show notifications. On an iPhone, add the page to the home screen first.");
  }
  if (Notification.permission === "denied") {
    return say("Notifications are blocked for this page: allow them in the browser's settings.");
  }
  return true;
}

async function start() {
  const worker = await navigator.serviceWorker.register(form.dataset.worker, { scope: "/" });
  const subscription = await worker.pushManager.getSubscription();
  if (subscription) return;
  form.hidden = false;
  button.addEventListener("click", () => switchOn(worker));
}

async function switchOn(worker) {
  button.disabled = true;
  try {
    const subscription = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: form.dataset.sender,
    });
    form.elements.subscription.value = JSON.stringify(subscription);
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    form.hidden = true;
    say("On: this device shows warnings also while this page is closed.");
  } catch (error) {
    // Nothing is on before the server has said so: a device that only seems warned is worse.
    say(`Not switched on: ${error.message}.`);
    button.disabled = false;
  }
}

if (form && isOffered()) start();
