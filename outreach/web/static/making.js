// Asks each second how far the cards are and changes only that: who goes by ear or by key keeps their place.
// Without scripts the whole page is loaded again instead.
'use strict'
{
  const far = document.getElementById('far')
  const look = async () => {
    try {
      const answer = await fetch(location.href, { cache: 'no-store' })
      const now = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('far')
      if (!now) return location.reload() // done, stopped or locked: the page that says so
      if (now.innerHTML !== far.innerHTML) far.replaceChildren(...now.childNodes)
    } catch { /* the program was stopped, or is busy: it is asked again */ }
    setTimeout(look, 1000)
  }
  setTimeout(look, 1000)
}
