// Syringes back by weight, by full containers or as told: the server works them out, the tally page counts them.

const part = document.querySelector('.returned')
const words = part.dataset
const [number, found, add] = ['#returned-number', '.found', '[data-add]'].map(each => part.querySelector(each))
const label = part.querySelector('label[for=returned-number]')
const shown = new Intl.NumberFormat('en-US')
let counters = null

const chosen = () => part.querySelector('[name=returned]:checked')

function forget() {
  counters = null
  add.hidden = true
  found.textContent = ''
}

async function workOut() {
  forget()
  const way = chosen()
  if (!way) return part.querySelector('[name=returned]').focus()
  let answer = null
  try {
    const response = await fetch(words.estimate, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ way: way.value, container: way.dataset.container ?? '', number: number.value }),
    })
    answer = await response.json()
  } catch {
    // No answer: nothing was counted, and asking again counts nothing either.
  }
  if (!answer) return found.replaceChildren(words.lost)
  if (!answer.counters) return found.replaceChildren(answer.sentence)
  counters = answer.counters
  const sentence = answer.low === answer.high ? words.one : words.range
  found.textContent = sentence.replace(/\{(\w+)\}/g, (_, key) => shown.format(answer[key]))
  add.hidden = false
}

part.addEventListener('change', event => {
  // The tally page listens for typed counts: this number is none.
  event.stopPropagation()
  forget()
  if (event.target.name === 'returned') label.textContent = label.dataset[`words${event.target.value[0].toUpperCase()}${event.target.value.slice(1)}`]
})
number.addEventListener('input', forget)
number.addEventListener('keydown', event => {
  if (event.key !== 'Enter') return
  event.preventDefault()
  workOut()
})
part.querySelector('[data-work-out]').addEventListener('click', workOut)

add.addEventListener('click', () => {
  if (!counters) return
  const all = counters
  // Forgotten before they are counted: a second click finds nothing to add.
  forget()
  number.value = ''
  document.getElementById('tally').dispatchEvent(new CustomEvent('add', { detail: all }))
})

// A number that was typed and not added is on no sheet: closing stops once to say so.
document.querySelector('#close form').addEventListener('submit', event => {
  if (!number.value.trim()) return
  event.preventDefault()
  event.stopImmediatePropagation()
  part.querySelector('details').open = true
  found.textContent = words.typed
  number.focus()
}, { capture: true })
