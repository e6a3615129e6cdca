// Paces rescue breaths and times a dose. Nothing is stored or sent; without this script the bar still calls.
'use strict'
{
  const BREATH = 5000 // one breath every 5 seconds: OD-08
  const GIVING = 1500
  const NEXT_DOSE = 120000 // the next dose 2 to 3 minutes after the last: OD-10, the earlier end
  const panel = document.getElementById('pacer')
  const button = document.getElementById('pace')
  const [circle, since, clock, next, dose] = ['.circle', '.since', '.clock', '.next', '[data-dose]']
    .map(each => panel.querySelector(each))
  const [give, watch, first, again] = ['give', 'watch', 'first', 'again'].map(each => panel.querySelector(`[data-${each}]`))
  const [start, stop, ran] = ['[data-start]', '[data-stop]', '.ran'].map(each => button.querySelector(each))
  const dots = [...panel.querySelectorAll('.dots i')]
  const told = panel.querySelector('[data-told]')
  const nextWords = panel.querySelector('[data-next]').content
  // The clock on the wall, not the page's own: that one stands still while a phone sleeps.
  let began = 0, given = 0, due = false, ticking = 0, awake = null

  const show = (element, text) => { if (element.textContent !== text) element.textContent = text }
  const turn = (on, off) => {
    on.classList.remove('off')
    off.classList.add('off')
  }

  const tick = () => {
    const now = Date.now()
    const into = (now - began) % BREATH
    const giving = into < GIVING
    circle.classList.toggle('giving', giving)
    turn(giving ? give : watch, giving ? watch : give)
    dots.forEach((dot, i) => dot.classList.toggle('on', into >= i * 1000))
    if (given) {
      const seconds = Math.max(0, Math.floor((now - given) / 1000))
      show(clock, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`)
      show(ran, panel.hidden ? clock.textContent : '')
      // The clock goes on while the panel is shut, and opens it when a dose may be due.
      if (!due && now - given >= NEXT_DOSE) {
        due = true
        next.replaceChildren(nextWords.cloneNode(true))
        open(true)
        // On the smallest phones the panel scrolls: what to do now is at its end.
        panel.scrollTop = panel.scrollHeight
      }
    }
    turn(panel.hidden ? start : stop, panel.hidden ? stop : start)
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
    next.replaceChildren()
    turn(again, first)
    tick()
    // Said once for who does not see the clock; emptied first, so that the same words are said again.
    told.replaceChildren()
    setTimeout(() => { told.textContent = since.textContent }, 100)
  })
  button.hidden = false
}
