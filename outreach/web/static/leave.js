// Leaves a guide page at once: the button, or Escape twice within a second and a half. Needs no network.
'use strict'
{
  const leave = () => {
    document.documentElement.hidden = true
    document.title = ''
    location.replace('about:blank')
  }
  let last = -Infinity
  document.querySelector('[data-leave]').addEventListener('click', event => {
    event.preventDefault()
    leave()
  })
  addEventListener('keydown', event => {
    if (event.key !== 'Escape' || event.repeat) return
    if (event.timeStamp - last < 1500) leave()
    last = event.timeStamp
  })
}
