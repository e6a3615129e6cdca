// Sends "go back" to the page before, with what was typed there, where there is one.
'use strict'
if (history.length > 1) {
  document.querySelector('[data-back]')?.addEventListener('click', event => {
    event.preventDefault()
    history.back()
  })
}
