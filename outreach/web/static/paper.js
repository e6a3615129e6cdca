// Typing in without the mouse: Enter goes on to the next field, Shift and Enter one back; after the last one it saves.
const form = document.querySelector('.by-keys')

form.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.isComposing || !event.target.matches('input, select')) return
  event.preventDefault()
  const fields = [...form.querySelectorAll('input:not([type=hidden]), select')]
  const next = fields[fields.indexOf(event.target) + (event.shiftKey ? -1 : 1)]
  if (next) {
    next.focus()
    if (next.select && next.type !== 'date') next.select()
  } else if (!event.shiftKey) form.requestSubmit(form.querySelector('button.do:not([name])'))
})

// Where something is wrong, there the cursor is.
form.querySelector('[aria-invalid]')?.select()
