// Sends taps one by one, in order. A tap whose answer got lost is sent again as itself, so it counts once.
// Knows no page: it is told where to send, and tells what became of each tap.

const WAITS = [400, 800, 1600, 3200, 6400]
const PATIENCE = 10000

const nonce = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('')

// `hear` has state(name, sentence), counted(tap, value), refused(tap, sentence), asked(tap, sentence), stopped(sentence).
export function tapLine(address, tab, hear) {
  const queue = []
  let n = 0 // taps of this tab that the sheet has applied
  let busy = false, held = false, stopped = false, tries = 0, timer = 0

  const post = tap => fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ tab, n: n + 1, ...tap }),
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

  async function send() {
    if (busy || held || stopped || !queue.length) return
    clearTimeout(timer)
    busy = true
    const tap = queue[0]
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
      queue.shift()
      hear.counted(tap, answer.value)
      hear.state(queue.length ? 'saving' : 'saved')
    } else if (status >= 400 && status < 500 && !answer) {
      return stop('') // turned away at the door, before the sheet was asked
    } else if (!answer || status >= 500 || status === 408 || status === 429) {
      return later(answer?.sentence)
    } else if (answer.asks) {
      held = true
      return hear.asked(tap, answer.sentence)
    } else if (status === 422) {
      queue.shift()
      hear.refused(tap, answer.sentence)
      hear.state(queue.length ? 'saving' : 'saved')
    } else {
      return stop(answer.sentence)
    }
    send()
  }

  addEventListener('online', send)

  return {
    push(tap) {
      if (stopped) return
      queue.push({ nonce: nonce(), ...tap })
      hear.state(tries ? 'waiting' : 'saving')
      send()
    },
    // The answer to a question: repeat the same tap with `sure`, or leave it out. It took no number yet.
    answer(sure) {
      held = false
      if (sure) queue[0].sure = true
      else hear.refused(queue.shift(), '')
      hear.state(queue.length ? 'saving' : 'saved')
      send()
    },
    pending: counter => queue.filter(tap => tap.counter === counter),
    get idle() { return stopped || !queue.length },
  }
}
