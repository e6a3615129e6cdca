// Fits every face of the sheets as printing/fitting.py does on paper: the largest words for which each line and picture
// stays in its frames and inside the safe edge, and nothing lies over anything else. What has no room is refused.
'use strict'
{
  const PX_PER_MM = 96 / 25.4
  const SLACK = 0.05 * PX_PER_MM // rounding in the layout, not room
  const APART = '*{overflow-wrap:break-word;hyphens:auto}'

  const area = ({ left, top, right, bottom }) => ({ left, top, right, bottom })
  const holds = (frame, it) => it.left >= frame.left - SLACK && it.top >= frame.top - SLACK &&
    it.right <= frame.right + SLACK && it.bottom <= frame.bottom + SLACK
  const touches = (one, other) => other.left < one.right - SLACK && other.right > one.left + SLACK &&
    other.top < one.bottom - SLACK && other.bottom > one.top + SLACK
  const grown = ({ left, top, right, bottom }, by) =>
    ({ left: left - by, top: top - by, right: right + by, bottom: bottom + by })
  const plain = text => text.trim().replace(/\s+/g, ' ')

  // A line's height is what the words claim; the font's own height is larger and mostly empty. Chromium begins a line on
  // a whole pixel and others do not, and it may stand on its head: this much of it is sure.
  const lineArea = ({ left, right, top, bottom, height }, lineHeight) => {
    const leading = Number.isNaN(lineHeight) ? 0 : Math.floor((lineHeight - height) / 2)
    return { left, right, top: top - leading, bottom: bottom + leading }
  }

  // Every line of words and every picture, with the frames it has to stay in; and words that are nowhere to be seen.
  const piecesOf = (view, safe) => {
    const { body, documentElement: root } = view.document
    const whole = grown(area(root.getBoundingClientRect()), -safe)
    const known = new Map([[root, { frames: [whole], words: '' }]])
    const around = element => {
      if (known.has(element)) return known.get(element)
      let found = around(element.parentElement)
      if (element.dataset?.frame !== undefined) {
        found = { frames: [...found.frames, area(element.getBoundingClientRect())], words: plain(element.textContent) }
      }
      known.set(element, found)
      return found
    }
    const pieces = [], lost = []
    const walker = view.document.createTreeWalker(body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.nodeName === 'IMG') {
        pieces.push({ ...around(node), area: area(node.getBoundingClientRect()), quiet: Number(node.dataset.quiet ?? 0) })
      } else if (node.nodeType === Node.TEXT_NODE && plain(node.data) && !node.parentElement.closest('style,script,template')) {
        const range = view.document.createRange()
        range.selectNodeContents(node)
        const { lineHeight, fontSize } = view.getComputedStyle(node.parentElement)
        const { frames, words } = around(node.parentElement)
        const lines = [...range.getClientRects()].filter(rect => rect.width && rect.height)
        if (!lines.length) lost.push(words || plain(node.data))
        for (const rect of lines) {
          const its = lineArea(rect, Number.parseFloat(lineHeight))
          pieces.push({ frames, words: words || plain(node.data), area: its, quiet: 0, size: Number.parseFloat(fontSize) * .75 })
        }
      }
    }
    return { pieces, lost }
  }

  // The frame that both are in, when the frames in which they part ways lie over one another.
  const crossed = (one, other) => {
    let around = one.frames[0]
    for (let n = 0; n < Math.min(one.frames.length, other.frames.length); n++) {
      if (one.frames[n] !== other.frames[n]) return touches(one.frames[n], other.frames[n]) ? around : null
      around = one.frames[n]
    }
    return null
  }

  // The words that have no room, or nothing.
  const misfit = (view, safe, floor) => {
    const { pieces, lost } = piecesOf(view, safe)
    const longest = texts => texts.reduce((one, other) => other.length > one.length ? other : one)
    const blame = (frame, ...suspects) => {
      // Pieces that share a frame push one another out of it: the longest is the one to shorten.
      const shared = pieces.filter(piece => piece.frames.indexOf(frame) > 0)
      return longest((shared.length ? shared : suspects).map(piece => piece.words)) || '▢'
    }
    for (const piece of pieces) {
      const left = piece.frames.findLast(frame => !holds(frame, piece.area))
      if (left) return blame(left, piece)
      if (piece.size < floor - 0.01) return piece.words
    }
    for (const [n, one] of pieces.entries()) {
      for (const other of pieces.slice(n + 1)) {
        const frame = crossed(one, other)
        if (frame || touches(grown(one.area, one.quiet), grown(other.area, other.quiet))) {
          return blame(frame ?? one.frames[0], one, other)
        }
      }
    }
    return lost[0] ?? null
  }

  const arrived = frame => new Promise(resolve => { frame.addEventListener('load', resolve, { once: true }) })
  const shown = async frame => {
    const { document } = frame.contentWindow
    document.body.getBoundingClientRect() // fonts are fetched for what is laid out
    await document.fonts.ready
    return ![...document.fonts].some(font => font.status === 'error') && [...document.images].every(each => each.naturalWidth)
  }
  const resize = (frame, size) => {
    frame.contentDocument.documentElement.style.setProperty('font-size', `${size}pt`, 'important')
  }
  const cut = frame => {
    const style = frame.contentDocument.createElement('style')
    style.textContent = APART
    frame.contentDocument.head.append(style)
  }

  const largest = (frame, sizes, safe) => {
    let low = 0, high = sizes.length, best = 0, words = ''
    while (low < high) {
      const middle = (low + high) >> 1
      resize(frame, sizes[middle])
      const wrong = misfit(frame.contentWindow, safe, sizes[0])
      if (wrong === null) [best, low] = [sizes[middle], middle + 1]
      else [words, high] = [wrong, middle]
    }
    return { size: best, words }
  }

  // One face in its first place, then the same in all of its places; a sentence when it has to be refused.
  const fit = async face => {
    const [first, ...copies] = document.querySelectorAll(`iframe[data-face="${face.of}"]`)
    const sizes = face.sizes.split(' ').map(Number), safe = Number(face.safe) * PX_PER_MM
    if (!await shown(first)) return face.lost
    const found = { ...largest(first, sizes, safe), src: first.src, cut: false }
    const load = async (frame, src) => {
      if (frame.src === src) return
      const there = arrived(frame)
      frame.src = src
      await there
    }
    if (found.size < Number(face.small)) {
      // Tried once more with the smallest code, and less of whatever else can give way: words come first.
      await load(first, new URL(face.tight, location).href)
      if (!await shown(first)) return face.lost
      const tight = largest(first, sizes, safe)
      if (!found.size && !tight.size && face.cut !== undefined) {
        // The last way out, for a word that is longer than its line even in the smallest letters: it goes on below.
        cut(first)
        tight.words = misfit(first.contentWindow, safe, sizes[0]) ?? ''
        if (!tight.words) [tight.size, found.cut] = [sizes[0], true]
      }
      if (tight.size > found.size || !found.size) Object.assign(found, tight, { src: first.src })
    }
    if (!found.size) return face.refused.replace('{words}', found.words)
    await Promise.all([first, ...copies].map(async frame => {
      await load(frame, found.src)
      if (frame !== first && found.cut) cut(frame)
      resize(frame, found.size)
      frame.dataset.size = found.size
      await shown(frame)
    }))
    return null
  }

  const leaves = document.querySelector('.leaves')
  const status = document.getElementById('fitting'), refused = document.getElementById('refused')
  const views = document.querySelectorAll('.view')

  // The paper as wide as there is room for.
  const scale = new ResizeObserver(entries => {
    for (const { target } of entries) {
      target.style.setProperty('--scale', target.clientWidth / target.firstElementChild.offsetWidth)
    }
  })
  for (const view of views) {
    view.classList.add('scaled')
    scale.observe(view)
  }

  leaves.classList.add('unfit') // a print before all is looked at shows nothing
  status.hidden = false
  addEventListener('load', async () => {
    const sentences = []
    for (const { dataset } of document.querySelectorAll('[data-of]')) sentences.push(await fit(dataset))
    const wrong = [...new Set(sentences.filter(Boolean))]
    for (const sentence of wrong) {
      const said = document.createElement('p')
      said.className = 'sentence'
      said.textContent = sentence
      refused.append(said)
    }
    for (const each of [status, leaves, document.querySelector('.advice')]) each.hidden = wrong.length > 0
    refused.hidden = wrong.length === 0
    if (wrong.length) return
    status.textContent = status.dataset.done
    leaves.classList.remove('unfit')
    for (const button of leaves.querySelectorAll('[data-print]')) button.hidden = false
  })

  // One sheet at a time, so that the number of copies in the print window is that of this sheet.
  leaves.addEventListener('click', event => {
    const leaf = event.target.closest('[data-print]')?.closest('.leaf')
    if (!leaf) return
    leaf.classList.add('this')
    leaves.classList.add('one')
    print()
  })
  addEventListener('afterprint', () => {
    leaves.classList.remove('one')
    leaves.querySelector('.this')?.classList.remove('this')
  })
}
