// The eye beside a password: <button data-reveal="id of the field" aria-pressed="false">.
document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-reveal]");
  if (!button) return;
  const field = document.getElementById(button.dataset.reveal);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
});
