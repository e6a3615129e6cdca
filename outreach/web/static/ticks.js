// Nothing is ticked before someone has looked; one button ticks the rest of a month for who has looked at all of it.

for (const form of document.querySelectorAll('.seeing')) {
  const all = form.querySelector('[data-all]')
  all.parentElement.hidden = false
  all.addEventListener('click', () => {
    for (const each of form.querySelectorAll('[name=return]')) each.checked = true
  })
}
