// Draws one card of the wall at a time, those in sight first: a browser has six connections, and the page that is opened
// next needs one of them.
'use strict'
{
  const waiting = [...document.querySelectorAll('img[data-src]')]
  const inSight = image => {
    const { top, bottom } = image.getBoundingClientRect()
    return bottom > 0 && top < innerHeight
  }
  const next = () => {
    const image = waiting.find(inSight) ?? waiting[0]
    if (!image) return
    waiting.splice(waiting.indexOf(image), 1)
    image.onload = image.onerror = next
    image.src = image.dataset.src
  }
  addEventListener('load', next)
}
