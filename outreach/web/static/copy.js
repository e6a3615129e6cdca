// A button that copies a field's text, and says so. Without it, or without leave, the text can be marked by hand.
for (const button of document.querySelectorAll('[data-copy]')) {
  const field = document.getElementById(button.dataset.copy)
  button.hidden = false
  button.addEventListener('click', async () => {
    field.select()
    try {
      await navigator.clipboard.writeText(field.value)
      button.textContent = button.dataset.done
    } catch {
      field.focus()
    }
  })
}
