// Copies a text of the page. Where scripts are off, the button stays hidden and the text is selected
// by hand.

const buttons = () => document.querySelectorAll("[data-copy]");

function show() {
  for (const button of buttons()) button.hidden = false;
}

async function copy(button) {
  const text = document.querySelector(button.dataset.copy);
  const told = document.querySelector("[data-copied]");
  text.focus();
  text.select();
  try {
    await navigator.clipboard.writeText(text.value);
    told.textContent = "Copied.";
  } catch {
    // A page without TLS has no clipboard of its own; the old way still works there.
    told.textContent = document.execCommand("copy") ? "Copied." : "It is selected: copy it with the keys.";
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});
document.addEventListener("tocsin:fresh", show);
show();
