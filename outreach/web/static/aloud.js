// Reads a topic aloud, only with a voice that lives on this computer; a voice elsewhere would be told what is read.
'use strict'
{
  const page = document.documentElement.lang
  const place = document.querySelector('.aloud')
  const button = place.firstElementChild
  const start = button.textContent
  const said = [...document.querySelectorAll('.sections > section :is(h2, .words > p)')]
  // A voice for one language makes noise of another: a page with words in two is left to its readers.
  const whole = said.every(each => !each.querySelector(`[lang]:not([lang="${page}"])`))
  const speech = window.speechSynthesis
  let reading = 0, turn = 0

  const kind = tag => { try { return new Intl.Locale(tag.replace('_', '-')).maximize() } catch { return {} } }
  const ours = kind(page)
  const voice = () => {
    const fit = speech.getVoices().filter(each => {
      const theirs = kind(each.lang)
      return each.localService === true && theirs.language === ours.language && theirs.script === ours.script
    })
    return fit.find(each => kind(each.lang).region === ours.region) || fit[0]
  }

  const show = now => {
    reading = now
    button.textContent = now ? button.dataset.stop : start
  }
  const stop = () => {
    show(0)
    speech.cancel()
  }
  const words = element => element.textContent
    .replace(/[\u2060\u2066-\u2069]/g, '').replace(/\s+/g, ' ').replace(/\b911\b/g, '9 1 1').trim()

  const read = () => {
    const own = voice()
    if (!own) return
    const mine = ++turn
    // What was stopped before still reports that it was.
    const done = () => { if (reading === mine) show(0) }
    show(mine)
    said.forEach((each, i) => {
      const piece = new SpeechSynthesisUtterance(words(each))
      piece.voice = own
      piece.lang = own.lang
      piece.rate = .9
      if (i === said.length - 1) piece.onend = done
      piece.onerror = done
      speech.speak(piece)
    })
  }

  const look = () => { place.hidden = !voice() }
  if (speech && whole && said.length) {
    button.addEventListener('click', () => reading ? stop() : read())
    // Some browsers go on talking after the page is left.
    addEventListener('pagehide', stop)
    speech.addEventListener?.('voiceschanged', look)
    look()
  }
}
