// Paces rescue breaths and times a dose. Nothing is stored or sent; without this script the bar still calls.
'use strict'
{
  const BREATH = 5000 // one breath every 5 seconds: OD-08
  const GIVING = 1500
  const NEXT_DOSE = 120000 // the next dose 2 to 3 minutes after the last: OD-10, the earlier end
  const panel = document.getElementById('pacer')
  const button = document.getElementById('pace')
  const label = button.lastElementChild
  const start = label.textContent
  const [circle, beat, since, clock, next, dose] = ['.circle', '.beat', '.since', '.clock', '.next', '[data-dose]']
    .map(each => panel.querySelector(each))
  const dots = [...panel.querySelectorAll('.dots i')]
  const nextWords = panel.querySelector('[data-next]').content.textContent
  // The clock on the wall, not the page's own: that one stands still while a phone sleeps.
  let began = 0, given = 0, due = false, ticking = 0, awake = null

  const show = (element, text) => { if (element.textContent !== text) element.textContent = text }

  const tick = () => {
    const now = Date.now()
    const into = (now - began) % BREATH
    circle.classList.toggle('giving', into < GIVING)
    show(beat, into < GIVING ? panel.dataset.give : panel.dataset.watch)
    dots.forEach((dot, i) => dot.classList.toggle('on', into >= i * 1000))
    if (given) {
      const seconds = Math.max(0, Math.floor((now - given) / 1000))
      show(clock, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`)
      // The clock goes on while the panel is shut, and opens it when a dose may be due.
      if (!due && now - given >= NEXT_DOSE) {
        due = true
        show(next, nextWords)
        open(true)
      }
    }
    show(label, panel.hidden ? start + (given ? ` ${clock.textContent}` : '') : panel.dataset.stop)
  }

  const open = yes => {
    if (yes === !panel.hidden) return
    panel.hidden = !yes
    button.setAttribute('aria-expanded', yes)
    clearInterval(ticking)
    awake?.release()
    awake = null
    if (yes) {
      began = Date.now()
      // Both hands are busy: keep the screen on where the browser can.
      navigator.wakeLock?.request('screen').then(lock => panel.hidden ? lock.release() : awake = lock, () => {})
    }
    if (yes || given) ticking = setInterval(tick, 100)
    tick()
  }

  button.addEventListener('click', () => open(panel.hidden))
  dose.addEventListener('click', () => {
    given = Date.now()
    due = false
    since.hidden = false
    show(next, '')
    show(dose, panel.dataset.again)
    tick()
  })
  button.hidden = false
}
