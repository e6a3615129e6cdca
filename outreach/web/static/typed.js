// What is typed into a field of the sheet: read as a number or, where it is none, left standing with the reason beside it.

export const wrong = field => field.hasAttribute('aria-invalid')
export const reason = field => field.parentElement.querySelector('.bad')

// Null where it is no count, or no number of hours in quarters. In a count a comma parts thousands: 2,5 is not 25.
export function read(given, hours) {
  const good = hours ? /^\d{1,3}([.,](0|00|25|5|50|75))?$/ : /^(\d{1,9}|\d{1,3}(,\d{3}){1,2})$/
  return good.test(given) ? Number(hours ? given.replace(',', '.') : given.replaceAll(',', '')) : null
}

// It stays until it is put right or undone: it may be the only note of the number.
export function mark(field, id, sentence) {
  const bad = document.createElement('span')
  Object.assign(bad, { id, className: 'bad', textContent: sentence })
  field.after(bad)
  field.setAttribute('aria-invalid', 'true')
  field.setAttribute('aria-describedby', id)
}

export function unmark(field) {
  reason(field).remove()
  field.removeAttribute('aria-invalid')
  field.removeAttribute('aria-describedby')
}
