// Paces rescue breaths and times a dose. Nothing is stored or sent; without this script the bar still calls.
'use strict'
{
  const BREATH = 5000 // one breath every 5 seconds: OD-08
  const GIVING = 1500
  const NEXT_DOSE = 120000 // the next dose 2 to 3 minutes after the last: OD-10, the earlier end
  const panel = document.getElementById('pacer')
  const button = document.getElementById('pace')
  const [start, stop] = [button.lastElementChild.textContent, button.dataset.stop]
  const circle = panel.querySelector('.circle')
  const beat = panel.querySelector('.beat')
  const dots = [...panel.querySelectorAll('.dots i')]
  const since = panel.querySelector('.since')
  const clock = panel.querySelector('.clock')
  const next = panel.querySelector('.next')
  const dose = panel.querySelector('[data-dose]')
  const nextWords = panel.querySelector('[data-next]').content.textContent
  // The clock on the wall, not the page's own: that one stands still while a phone sleeps.
  let began = 0, given = 0, ticking = 0, awake = null

  const show = (element, text) => { if (element.textContent !== text) element.textContent = text }

  const tick = () => {
    const now = Date.now()
    const into = (now - began) % BREATH
    const giving = into < GIVING
    circle.classList.toggle('giving', giving)
    show(beat, giving ? panel.dataset.give : panel.dataset.watch)
    dots.forEach((dot, i) => dot.classList.toggle('on', into >= i * 1000))
    if (!given) return
    const seconds = Math.floor((now - given) / 1000)
    show(clock, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`)
    show(next, now - given >= NEXT_DOSE ? nextWords : '')
  }

  const pace = () => {
    const running = panel.hidden
    panel.hidden = !running
    button.setAttribute('aria-expanded', running)
    button.lastElementChild.textContent = running ? stop : start
    clearInterval(ticking)
    awake?.release?.()
    awake = null
    if (!running) return
    began = Date.now()
    tick()
    ticking = setInterval(tick, 100)
    // Two hands are busy: keep the screen on where the browser can.
    navigator.wakeLock?.request('screen').then(lock => { panel.hidden ? lock.release() : awake = lock }, () => {})
  }

  button.addEventListener('click', pace)
  dose.addEventListener('click', () => {
    given = Date.now()
    since.hidden = false
    dose.textContent = panel.dataset.again
    tick()
  })
  button.hidden = false
}
