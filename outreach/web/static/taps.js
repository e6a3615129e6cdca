// Sends taps one by one, in order. A tap whose answer got lost is sent again as itself, so it counts once.
// Knows no page: it is told where to send, and tells what became of each tap.

const WAITS = [400, 800, 1600, 3200, 6400]
const PATIENCE = 10000

const nonce = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')

// `hear` has state(name, sentence), counted(tap, value), refused(tap, sentence), asked(tap, sentence), answered()
// and stopped(sentence).
export function tapLine(address, tab, hear) {
  const queue = []
  const asked = [] // taps of the queue that wait for an answer; what else is counted goes on past them
  let n = 0 // taps of this tab that the sheet has applied
  let busy = false, stopped = false, tries = 0, timer = 0

  const post = tap => fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ tab, n: n + 1, ...tap, question: undefined }),
    signal: AbortSignal.timeout(PATIENCE),
  })

  const later = sentence => {
    hear.state('waiting', sentence)
    timer = setTimeout(send, WAITS[Math.min(tries++, WAITS.length - 1)])
  }

  const stop = sentence => {
    stopped = true
    hear.stopped(sentence)
  }

  const take = (list, tap) => list.splice(list.indexOf(tap), 1)

  // The first tap that may go: one behind a question about the same counter keeps its place.
  const next = () => queue.find(tap => !asked.some(each => each.counter === tap.counter))

  const settled = () => hear.state(next() ? 'saving' : queue.length ? 'asking' : 'saved')

  function leaveOut(tap, sentence) {
    take(queue, tap)
    hear.refused(tap, sentence)
    settled()
  }

  async function send() {
    const tap = next()
    if (busy || stopped || !tap) return
    clearTimeout(timer)
    busy = true
    let status = 0, answer = null
    try {
      const response = await post(tap)
      status = response.status
      answer = await response.json()
    } catch {
      // No answer, or one that is not ours: the tap may have counted or not. Sent again it counts once.
    }
    busy = false
    if (status === 200 && answer) {
      n++
      tries = 0
      take(queue, tap)
      hear.counted(tap, answer.value)
      settled()
    } else if (status >= 400 && status < 500 && !answer) {
      return stop('') // turned away at the door, before the sheet was asked
    } else if (!answer || status >= 500 || status === 408 || status === 429) {
      return later(answer?.sentence)
    } else if (answer.asks) {
      tap.question = answer.sentence
      if (asked.push(tap) === 1) hear.asked(tap, tap.question)
      settled()
    } else if (status === 422) {
      leaveOut(tap, answer.sentence)
    } else {
      return stop(answer.sentence)
    }
    send()
  }

  addEventListener('online', send)

  return {
    push(tap) {
      if (stopped) return null
      const queued = { nonce: nonce(), ...tap }
      queue.push(queued)
      if (next()) hear.state(tries ? 'waiting' : 'saving')
      send()
      return queued
    },
    // The answer to the first question: repeat the same tap with `sure`, or leave it out. It took no number yet.
    answer(sure) {
      const tap = asked.shift()
      delete tap.question
      if (sure) tap.sure = true
      else leaveOut(tap, '')
      if (asked.length) hear.asked(asked[0], asked[0].question)
      settled()
      send()
    },
    // A question about this counter is void: its number was typed anew, or taken back.
    withdraw(counter) {
      const tap = asked.find(each => each.counter === counter)
      if (!tap) return
      take(asked, tap)
      leaveOut(tap, '')
      if (asked.length) hear.asked(asked[0], asked[0].question)
      else hear.answered()
      send()
    },
    isAsked: tap => asked.includes(tap),
    pending: counter => queue.filter(tap => tap.counter === counter),
    get idle() { return stopped || !queue.length },
  }
}
