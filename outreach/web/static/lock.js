// Takes a page away once the program is locked, and says meanwhile that somebody is at it. The page of an open sheet
// stays: it goes on counting, and says only whether the rest is locked.
'use strict'
{
  const EVERY = 10000
  const { state, lock, stays } = document.currentScript.dataset
  const form = document.querySelector('.lock')
  let used = false
  for (const each of ['keydown', 'pointerdown', 'input']) addEventListener(each, () => { used = true }, { passive: true })

  function leave() {
    document.documentElement.hidden = true
    location.replace(`${lock}?then=${encodeURIComponent(location.pathname + location.search)}`)
  }

  async function look() {
    if (document.visibilityState !== 'visible') return
    const address = used && stays === undefined ? `${state}?used` : state
    used = false
    let locked
    try {
      locked = (await (await fetch(address)).json()).locked
    } catch {
      return // stopped, or started again under another key: there is nothing to ask
    }
    if (stays === undefined) {
      if (locked) leave()
    } else if (form) {
      form.querySelector('button').hidden = locked
      form.querySelector('a').hidden = !locked
      document.querySelector('.while-locked').hidden = !locked
    }
  }

  if (stays !== undefined) {
    // Locked from an open sheet, its page stays where it is: taps that wait to be saved are on it.
    form?.addEventListener('submit', async event => {
      event.preventDefault()
      await fetch(form.action, { method: 'POST' }).catch(() => {})
      look()
    })
  }
  setInterval(look, EVERY)
  addEventListener('visibilitychange', look)
  addEventListener('pageshow', event => { if (event.persisted) look() })
}
