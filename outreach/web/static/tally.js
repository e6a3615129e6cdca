// The tally page: a tap shows at once, says in words what changed, can be undone, and is sent by taps.js.
import { keyboard } from './keys.js'
import { tapLine } from './taps.js'
import { mark, read, reason, unmark, wrong } from './typed.js'

const sheet = document.getElementById('tally')
const words = sheet.dataset
const last = document.querySelector('.last')
const [said, state, ask] = ['.said', '.state', '.ask'].map(each => last.querySelector(each))
const undo = last.querySelector('[data-undo]')
const HOURS = 'quarter-hours'
const shown = new Intl.NumberFormat(`${words.numbers}-u-nu-latn`)
const arrow = document.dir === 'rtl' ? '←' : '→'

const places = new Map() // counter -> its tile, or the field of the hours
const fields = new Map() // counter -> the field that shows its count
const saved = new Map() // counter -> count on disk; one that was never touched is absent, which is not 0
const done = [] // what can be undone, newest last

for (const place of sheet.querySelectorAll('[data-counter]')) {
  const counter = place.dataset.counter
  const field = place.matches('input') ? place : place.querySelector('input')
  places.set(counter, place)
  fields.set(counter, field)
  // The attribute, not what a browser may have filled in from before.
  const value = field.getAttribute('value')
  if (value) saved.set(counter, Number(value) * (counter === HOURS ? 4 : 1))
}

const name = counter => places.get(counter).dataset.name
const inUnits = (counter, value) => counter === HOURS ? value / 4 : value
const inWords = (counter, value) => shown.format(inUnits(counter, value))
const after = (value, tap) => {
  const then = tap.exactly ?? (value ?? 0) + tap.change
  return tap.blank && then === 0 ? undefined : then
}
const count = counter => line.pending(counter).reduce(after, saved.get(counter))
const holds = (counter, value) => {
  const parts = JSON.parse(places.get(counter).dataset.holds ?? '[]')
  // One of each says nothing that the name of the kit does not.
  return value > 0 && parts.some(([, n]) => n > 1) && `= ${parts.map(([part, n]) => `${shown.format(n * value)} × ${part}`).join(', ')}`
}
const saying = (counter, value) => value === undefined ? words.blank : inWords(counter, value)

// What just happened, in words; each part keeps its own direction, the last one stays in one piece.
function tell(...parts) {
  last.classList.remove('refused')
  said.replaceChildren(...parts.filter(Boolean).flatMap((part, i) => {
    const piece = document.createElement(i ? 'b' : 'span')
    piece.append(...[part].flat())
    return [piece, ' ']
  }))
}

// A sentence that says no. Whatever else is on disk, "Saved" beside it would be taken for this.
function refuse(...parts) {
  tell(parts.join(' '))
  last.classList.add('refused')
}

// "12 → 13" is for the eye: a voice would say "right arrow". It says the name and the new count.
function unspoken(text) {
  const piece = document.createElement('span')
  piece.setAttribute('aria-hidden', 'true')
  piece.append(text)
  return piece
}

const unread = () => [...fields.keys()].filter(counter => wrong(fields.get(counter)))
const inTile = counter => places.get(counter) !== fields.get(counter)

function way(how) {
  sheet.querySelector(`[name=way][value=${how}]`).checked = true
  sheet.classList.toggle('typing', how === 'type')
}

// It can be undone like a count. On tiles only typing shows it, so typing stays on.
function keepUnread(counter, given) {
  const sentence = (counter === HOURS ? words.quarters : words.whole).replace('{given}', given)
  forget(counter)
  mark(fields.get(counter), `bad-${counter}`, sentence)
  done.push({ counter, given })
  undo.disabled = false
  if (inTile(counter)) way('type')
  refuse(`${name(counter)}:`, sentence)
  restate()
}

function forget(counter) {
  if (!wrong(fields.get(counter))) return
  unmark(fields.get(counter))
  done.splice(done.findIndex(each => each.counter === counter && 'given' in each), 1)
  undo.disabled = !done.length
  restate()
}

function leadTo(counter) {
  const field = fields.get(counter)
  refuse(`${name(counter)}:`, reason(field).textContent)
  field.scrollIntoView({ block: 'center', behavior: 'instant' })
  field.focus({ preventScroll: true })
  field.select()
}

function draw(counter) {
  const value = count(counter)
  const field = fields.get(counter)
  const place = places.get(counter)
  place.classList.toggle('some', value > 0)
  place.querySelector('.count')?.replaceChildren(value === undefined ? '' : inWords(counter, value))
  if (document.activeElement !== field && !wrong(field)) field.value = value === undefined ? '' : inUnits(counter, value)
  drawSums()
}

function drawSums() {
  const counted = [...places.keys()].filter(counter => count(counter) !== undefined)
  const rows = counted.flatMap(counter => {
    const [term, number] = [document.createElement('dt'), document.createElement('dd')]
    term.textContent = name(counter)
    number.textContent = inWords(counter, count(counter))
    return [term, number]
  })
  const kits = counted.filter(counter => places.get(counter).closest('[data-group=kits]'))
  sheet.querySelector('.sofar dl').replaceChildren(...rows)
  sheet.querySelector('.sofar .empty').hidden = rows.length > 0
  last.querySelector('[data-sum=encounters]').textContent = shown.format(count('encounters') ?? 0)
  last.querySelector('[data-sum=kits]')?.replaceChildren(shown.format(kits.reduce((sum, each) => sum + count(each), 0)))
}

// One touch: `change` or `exactly`. Undoing is a touch like any other, the other way round.
function touch(counter, tap, undoing = false) {
  if (tap.exactly !== undefined) line.withdraw(counter)
  const before = count(counter)
  const then = after(before, tap)
  if (then < 0 || (before === undefined && tap.change < 0)) return refuse(words.zero.replace('{name}', name(counter)))
  if (then === before) return draw(counter)
  const sent = line.push({ counter, ...tap })
  // By difference, never by the old number: what another tab counted meanwhile stays. Blank goes back to blank.
  if (!undoing) done.push({ counter, back: { change: (before ?? 0) - then, blank: before === undefined }, sent })
  const was = before === undefined ? [] : [unspoken(`${inWords(counter, before)} ${arrow} `)]
  tell(`${undoing ? `${words.undone} ` : ''}${name(counter)}`, [...was, saying(counter, then)], holds(counter, then))
  undo.disabled = !done.length
  draw(counter)
}

let slow = 0
function showState(now, sentence) {
  clearTimeout(slow)
  const left = unread()
  if (now === 'saved' && left.length) now = 'unread'
  const before = state.dataset.state
  state.dataset.state = now
  // The same word set again would be read aloud again, after each tap.
  const say = word => { if (state.textContent !== word) state.textContent = word }
  // A save that takes no time needs no word; only a slow one says so.
  if (now === 'saving' && before !== 'waiting') slow = setTimeout(say, 400, words.saving)
  else if (now === 'unread') say(words.unread.replace('{names}', left.map(name).join(', ')))
  else say(words[now] ?? '') // while it asks, the question says it
  if (sentence) tell(sentence) // such as a full disk: what to do so that it can be saved
}

// A field was marked, or put right, while nothing was on its way.
function restate() {
  if (['saved', 'unread'].includes(state.dataset.state)) showState('saved')
}

function question(sentence, ...answers) {
  ask.querySelector('p').textContent = sentence
  for (const each of ['sure', 'drop', 'reload']) ask.querySelector(`[data-${each}]`).hidden = !answers.includes(each)
  ask.hidden = false
}

const line = tapLine(words.taps, words.tab, {
  state: showState,
  counted(tap, value) {
    if (value === null) saved.delete(tap.counter)
    else saved.set(tap.counter, value)
    draw(tap.counter)
  },
  refused(tap, sentence) {
    const at = done.findIndex(each => each.sent === tap)
    if (at >= 0) {
      const [gone] = done.splice(at, 1)
      // What was counted behind it now began the counter in its place.
      const next = done.slice(at).find(each => each.back && each.counter === tap.counter)
      if (next && gone.back.blank) next.back.blank = true
    }
    undo.disabled = !done.length
    if (sentence) refuse(sentence)
    else tell(name(tap.counter), saying(tap.counter, count(tap.counter)))
    draw(tap.counter)
  },
  asked: (tap, sentence) => question(sentence, 'sure', 'drop'),
  answered: () => { ask.hidden = true },
  stopped(sentence) {
    clearTimeout(slow)
    question(sentence || words.stopped, 'reload')
    state.dataset.state = 'stopped'
    state.textContent = ''
  },
})

sheet.addEventListener('click', event => {
  const button = event.target.closest('[data-change]')
  if (!button) return
  const { counter } = button.closest('.tile').dataset
  // Counted on, it would be neither what was typed nor what is seen.
  if (wrong(fields.get(counter))) leadTo(counter)
  else touch(counter, { change: Number(button.dataset.change) })
})

// Several counts that belong together: added at one go, undone at one go.
sheet.addEventListener('add', event => {
  const before = done.length
  for (const [counter, change] of Object.entries(event.detail)) touch(counter, { change })
  if (done.length > before) done.at(-1).together = done.length - before
})

// A number typed is what the count becomes; an empty field changes nothing.
sheet.addEventListener('change', event => {
  const field = event.target
  if (field.name === 'keys') return
  if (field.name === 'way') {
    const left = unread().find(inTile)
    if (!left) return way(field.value)
    way('type')
    return leadTo(left)
  }
  const counter = field.closest('[data-counter]')?.dataset.counter
  if (!counter) return
  const given = field.value.trim()
  const number = read(given, counter === HOURS)
  if (given && number === null) return keepUnread(counter, given)
  forget(counter)
  if (given) touch(counter, { exactly: number * (counter === HOURS ? 4 : 1) })
  else draw(counter)
})

// The reason goes as soon as what is typed can be read, not under the finger that then goes on to a button.
sheet.addEventListener('input', event => {
  const given = event.target.value.trim()
  const hours = event.target.dataset.counter === HOURS
  if (wrong(event.target)) reason(event.target).hidden = !given || read(given, hours) !== null
})

// Enter takes the number and goes on to the next field, as down a paper list.
sheet.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !event.target.closest('[data-counter]') || !event.target.matches('input')) return
  const all = [...fields.values()].filter(each => each.type !== 'hidden')
  const next = all[all.indexOf(event.target) + 1]
  if (next) next.select()
  else event.target.blur()
})

function takeBack() {
  if (!done.length) return
  for (let left = done.at(-1).together ?? 1; left && done.length; left--) {
    const { counter, back, sent, given } = done.at(-1)
    if (!back) {
      forget(counter)
      tell(`${words.undone} ${name(counter)}`, [unspoken(`${given} ${arrow} `), saying(counter, count(counter))])
      draw(counter)
      continue
    }
    if (line.isAsked(sent)) {
      line.withdraw(counter)
      continue
    }
    done.pop()
    touch(counter, back, true)
  }
  undo.disabled = !done.length
}
undo.addEventListener('click', takeBack)

const tiles = [...sheet.querySelectorAll('.tile')].map(place => ({ name: place.dataset.name, counter: place.dataset.counter, button: place.querySelector('.add') }))
const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, key) => values[key])
const keys = keyboard(tiles, {
  busy: () => !ask.hidden || sheet.classList.contains('typing'),
  found: (letters, tile, others) => tell(filled(others ? words.foundmore : words.found, { letters, name: tile.name, others })),
  nothing: letters => tell(filled(words.nothing, { letters })),
  number: (tile, digits) => digits ? tell(filled(words.number, { name: tile.name }), `+${shown.format(digits)}`) : tell(words.cleared),
  add: (tile, n) => touch(tile.counter, { change: n }),
  undo: takeBack,
  cleared: () => tell(words.cleared),
})
sheet.querySelector('[name=keys]').addEventListener('change', event => keys.switch(event.target.checked))

ask.addEventListener('click', event => {
  const button = event.target.closest('[data-sure], [data-drop]')
  if (!button) return
  ask.hidden = true
  line.answer('sure' in button.dataset)
})

// Nothing leaves the page before it is saved: closing waits, and the browser asks before the tab goes.
for (const form of sheet.querySelectorAll('form')) {
  // Typing ends with the click, not as it begins: what it adds to the page would move the button away under the finger.
  form.addEventListener('mousedown', event => { if (event.target.closest('button')) event.preventDefault() })
  form.addEventListener('submit', event => {
    if ([...fields.values()].includes(document.activeElement)) document.activeElement.blur()
    const [left] = unread()
    if (left && form.closest('details') === null) {
      event.preventDefault()
      return leadTo(left)
    }
    if (line.idle) return
    event.preventDefault()
    const waiting = setInterval(() => {
      if (!line.idle) return
      clearInterval(waiting)
      form.submit()
    }, 50)
  })
}
addEventListener('beforeunload', event => { if (!line.idle) event.preventDefault() })

// The bar at the foot grows with what it says: the end of the page stays in reach above it.
new ResizeObserver(() => { document.body.style.paddingBlockEnd = `${last.offsetHeight + 16}px` }).observe(last)

sheet.querySelector('.switch').disabled = false
for (const counter of places.keys()) draw(counter)
