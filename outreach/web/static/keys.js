// The keyboard of the tally page: letters find a tile, digits are a count to add, Enter adds, Backspace takes back.
// Knows no counts: it is given the tiles' names and says what was asked for.

const plain = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()
// Where the words of a name begin: "nas" finds "Naloxone nasal spray" as "nal" does.
const starts = (name, letters) => plain(name).split(/[^\p{L}\p{N}]+/u).some((_, i, words) => words.slice(i).join(' ').startsWith(letters))

// `tiles` has {name, button}; `hear` has found(letters, tile, others), nothing(letters), number(tile, digits),
// add(tile, n), undo(), cleared(), and busy() while a question waits.
export function keyboard(tiles, hear) {
  let letters = '', digits = '', hits = [], on = true

  const tile = () => tiles.find(each => each.button === document.activeElement)
  const clear = () => { letters = digits = '' }

  function find() {
    hits = tiles.filter(each => starts(each.name, letters))
    if (!hits.length) return hear.nothing(letters)
    // A name that begins so comes before one with such a word inside.
    hits.sort((a, b) => plain(b.name).startsWith(letters) - plain(a.name).startsWith(letters))
    hits[0].button.focus()
    hear.found(letters, hits[0], hits.length - 1)
  }

  function step(by) {
    const at = hits.indexOf(tile())
    const next = hits[(at + by + hits.length) % hits.length]
    next.button.focus()
    hear.found(letters, next, hits.length - 1)
  }

  function pressed(event) {
    const { key, target } = event
    // Never in a field, never a shortcut of the browser or of a screen reader, never while something is being composed.
    if (!on || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || hear.busy()) return false
    if (target.matches('input, select, textarea, summary') || target.closest('dialog')) return false
    if (key === 'Tab') {
      clear()
      return false
    }
    // A space goes on in a name of several words; where no name goes on so, it presses the tile that was found.
    const spaced = key === ' ' && letters && !digits && tiles.some(each => starts(each.name, `${letters} `))
    if (/^\p{L}$/u.test(key) || spaced) {
      digits = ''
      letters += plain(key)
      find()
    } else if (/^[0-9]$/.test(key) && tile()) {
      if (digits.length < 6) digits = (digits + key).replace(/^0+/, '')
      hear.number(tile(), digits)
    } else if (key === 'Enter' && digits && tile()) {
      const [to, n] = [tile(), Number(digits)]
      clear()
      hear.add(to, n)
    } else if (key === 'Enter' && letters && tile()) {
      clear()
      hear.add(tile(), 1)
    } else if ((key === 'ArrowDown' || key === 'ArrowUp') && letters && hits.length > 1) {
      step(key === 'ArrowDown' ? 1 : -1)
    } else if (key === 'Backspace') {
      if (digits) {
        digits = digits.slice(0, -1)
        hear.number(tile(), digits)
      } else if (letters) {
        letters = letters.slice(0, -1)
        if (letters) find()
        else hear.cleared()
      } else hear.undo()
    } else if (key === 'Escape' && (letters || digits)) {
      clear()
      hear.cleared()
    } else return false
    return true
  }

  addEventListener('keydown', event => { if (pressed(event)) event.preventDefault() })
  // Whatever is done by hand begins anew.
  addEventListener('pointerdown', clear)

  return { switch(to) { on = to; clear() } }
}
