// One button ticks every box of its form, another takes every tick away; without JavaScript neither is there.

for (const button of document.querySelectorAll('[data-all], [data-none]')) {
  button.parentElement.hidden = false
  button.addEventListener('click', () => {
    for (const each of button.form.querySelectorAll('[type=checkbox]')) each.checked = 'all' in button.dataset
  })
}
