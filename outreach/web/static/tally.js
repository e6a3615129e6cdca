// The tally page: a tap shows at once, says in words what changed, can be undone, and is sent by taps.js.
import { tapLine } from './taps.js'

const sheet = document.getElementById('tally')
const words = sheet.dataset
const last = document.querySelector('.last')
const [said, state, ask] = ['.said', '.state', '.ask'].map(each => last.querySelector(each))
const undo = last.querySelector('[data-undo]')
const hours = document.getElementById('hours')
const fields = new Map([...sheet.querySelectorAll('[data-counter]')].map(each => [each.dataset.counter, each]))
const saved = new Map() // counter -> count on disk; a counter that was never touched is absent
const done = [] // what can be undone, newest last
const shown = new Intl.NumberFormat(`${words.numbers}-u-nu-latn`)
const arrow = document.dir === 'rtl' ? '←' : '→'

for (const [counter, field] of fields) {
  if (field.dataset.value !== undefined) saved.set(counter, Number(field.dataset.value))
}
if (hours.value) saved.set('quarter-hours', Number(hours.value) * 4)

const fold = (value, tap) => tap.exactly ?? (value ?? 0) + tap.change
const count = counter => line.pending(counter).reduce(fold, saved.get(counter))
const format = (counter, value) => value === undefined ? words.none
  : shown.format(counter === 'quarter-hours' ? value / 4 : value)

function tell(...parts) {
  said.replaceChildren(...parts.map(part => {
    const piece = document.createElement('bdi')
    piece.textContent = part
    return piece
  }).flatMap(piece => [piece, ' ']))
}

function draw(counter) {
  const field = fields.get(counter)
  const value = count(counter)
  if (field === hours) {
    if (document.activeElement !== hours) hours.value = value === undefined ? '' : value / 4
  } else {
    const output = field.querySelector('.count')
    if (output.textContent !== format(counter, value)) output.textContent = format(counter, value)
    field.classList.toggle('counted', value !== undefined)
    field.querySelector('.less').setAttribute('aria-disabled', !value)
    const exact = field.querySelector('.exact')
    if (document.activeElement !== exact) exact.value = value ?? ''
  }
  sum()
}

function sum() {
  const rows = []
  let kits = 0
  for (const [counter, field] of fields) {
    const value = count(counter)
    if (value === undefined) continue
    if (field.closest('[aria-labelledby="group-kits"]')) kits += value
    const [name, number] = [document.createElement('dt'), document.createElement('dd')]
    name.textContent = field.dataset.name
    number.textContent = format(counter, value)
    rows.push(name, number)
  }
  sheet.querySelector('.sofar dl').replaceChildren(...rows)
  sheet.querySelector('.sofar .empty').hidden = rows.length > 0
  last.querySelector('[data-sum=encounters]').textContent = format('encounters', count('encounters'))
  last.querySelector('[data-sum=kits]')?.replaceChildren(shown.format(kits))
}

// One touch: `change` or `exactly`. Undo is a touch like any other, the other way round.
function touch(counter, tap, undoing = false) {
  const before = count(counter)
  const after = fold(before, tap)
  if (after < 0) return tell(words.zero.replace('{name}', fields.get(counter).dataset.name))
  if (after === before && before !== undefined) return
  const back = tap.exactly === undefined ? { change: -tap.change } : { exactly: before ?? 0 }
  line.push({ counter, ...tap })
  if (!undoing) done.push({ counter, ...back })
  const name = fields.get(counter).dataset.name
  tell(...undoing ? [words.undone] : [], name, format(counter, before), arrow, format(counter, after))
  undo.disabled = !done.length
  draw(counter)
}

const STATES = { saving: words.saving, saved: words.saved, waiting: words.waiting }
let slow = 0
function showState(name) {
  clearTimeout(slow)
  const show = () => {
    state.textContent = STATES[name]
    state.dataset.state = name
  }
  // A save that takes no time needs no word: only a slow one says so.
  if (name === 'saving' && state.dataset.state !== 'waiting') slow = setTimeout(show, 400)
  else show()
}

function question(sentence, answers) {
  ask.querySelector('p').textContent = sentence
  for (const each of ['sure', 'drop', 'reload']) ask.querySelector(`[data-${each}]`).hidden = !answers.includes(each)
  ask.hidden = false
}

const line = tapLine(words.taps, words.tab, {
  state: showState,
  counted(tap, value) {
    saved.set(tap.counter, value)
    draw(tap.counter)
  },
  refused(tap, sentence) {
    const at = done.findLastIndex(each => each.counter === tap.counter)
    if (at >= 0) done.splice(at, 1)
    undo.disabled = !done.length
    tell(sentence || `${fields.get(tap.counter).dataset.name} ${format(tap.counter, saved.get(tap.counter))}`)
    draw(tap.counter)
  },
  asked: (tap, sentence) => question(sentence, ['sure', 'drop']),
  stopped(sentence) {
    question(sentence || words.stopped, ['reload'])
    state.textContent = ''
  },
})

sheet.addEventListener('click', event => {
  const button = event.target.closest('.add, .less')
  if (button) touch(button.closest('.tile').dataset.counter, { change: button.matches('.add') ? 1 : -1 })
})

sheet.addEventListener('change', event => {
  const field = event.target
  if (field.name === 'way') return typing(field.value === 'type')
  if (!field.matches('.exact, #hours')) return
  const counter = (field.closest('.tile') ?? field).dataset.counter
  const given = field.value.trim()
  const isHours = field === hours
  const good = isHours ? /^\d{1,3}([.,](0|00|25|5|50|75))?$/ : /^\d{1,9}$/
  const plain = isHours ? given.replace(',', '.') : given.replaceAll(',', '')
  if (good.test(plain)) touch(counter, { exactly: isHours ? Number(plain) * 4 : Number(plain) })
  else if (given) tell((isHours ? words.quarters : words.whole).replace('{given}', given))
  if (!good.test(plain)) field.value = count(counter) === undefined ? '' : count(counter) / (isHours ? 4 : 1)
})

// Enter in a field takes the number and goes on to the next one, as from a paper list.
sheet.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || !event.target.matches('.exact, #hours')) return
  const all = [...sheet.querySelectorAll('.exact, #hours')]
  const next = all[all.indexOf(event.target) + 1]
  next ? next.select() || next.focus() : event.target.blur()
})

function typing(yes) {
  sheet.classList.toggle('typing', yes)
  for (const tile of sheet.querySelectorAll('.tile')) {
    tile.querySelector('.exact').hidden = !yes
    tile.querySelector('.less').hidden = yes
    tile.querySelector('.add').disabled = yes
  }
}

undo.addEventListener('click', () => {
  const { counter, ...tap } = done.pop()
  touch(counter, tap, true)
})

ask.addEventListener('click', event => {
  const button = event.target.closest('[data-sure], [data-drop]')
  if (!button) return
  ask.hidden = true
  line.answer('sure' in button.dataset)
})

// Nothing leaves the page before it is saved: closing waits, and the browser asks before the tab goes.
for (const form of sheet.querySelectorAll('[data-close]')) {
  form.addEventListener('submit', event => {
    if (line.idle) return
    event.preventDefault()
    const waiting = setInterval(() => {
      if (!line.idle) return
      clearInterval(waiting)
      form.submit()
    }, 100)
  })
}
addEventListener('beforeunload', event => { if (!line.idle) event.preventDefault() })

sheet.querySelector('.switch').disabled = false
undo.disabled = true
for (const counter of fields.keys()) draw(counter)
