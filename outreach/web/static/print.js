// Draws the first sheet as it will be filled and lets a touch on it choose where to start.
'use strict'
{
  const form = document.getElementById('order')
  const { card, layout, skip } = form?.elements ?? {}
  const [busy, words] = form?.querySelectorAll('[data-words]') ?? []
  const others = form?.querySelector('.others')
  const whole = field => Number.parseInt(field.value.replaceAll(/,(?=\d{3}\b)/g, ''), 10) || 0

  // Only what a card is made for can be chosen: papers, languages, and what it asks for beside them.
  const fit = () => {
    const { layouts, tongues, takes } = card.selectedOptions[0].dataset
    const fits = layouts.split(' ')
    const show = (attribute, wanted) => {
      for (const line of form.querySelectorAll(`[data-${attribute}]`)) {
        line.hidden = line.querySelector('input, select').disabled = !wanted.split(' ').includes(line.dataset[attribute])
      }
    }
    show('tag', tongues)
    show('option', takes)
    if (others) others.hidden = !others.querySelector('p:not([hidden])')
    for (const option of layout.options) option.hidden = option.disabled = !fits.includes(option.value)
    if (layout.selectedOptions[0]?.disabled ?? true) layout.value = fits.includes(form.dataset.liked) ? form.dataset.liked : fits[0]
  }

  const draw = () => {
    const queue = [...form.querySelectorAll('[data-aside]')].map(line => [line.dataset.aside, Number(line.dataset.count)])
      .concat([...form.querySelectorAll('[data-tongue]:enabled')].map(field => [field.dataset.tongue, whole(field)]))
    const cards = queue.reduce((sum, [, count]) => sum + count, 0)
    for (const paper of form.querySelectorAll('.paper')) {
      paper.classList.toggle('chosen', paper.dataset.layout === layout.value)
    }
    const paper = form.querySelector('.paper.chosen')
    const slots = Number(paper.dataset.slots)
    const start = Math.min(whole(skip), slots - 1)
    let at = 0, left = queue[0]?.[1] ?? 0
    for (const slot of paper.querySelectorAll('[data-slot]')) {
      while (at < queue.length && !left) left = queue[++at]?.[1] ?? 0
      const used = Number(slot.dataset.slot) < start
      const filled = !used && at < queue.length
      slot.classList.toggle('used', used)
      slot.classList.toggle('filled', filled)
      slot.lastElementChild.textContent = used ? '×' : filled ? queue[at][0] : ''
      if (filled) left--
    }
    const sheets = Math.ceil((cards ? start + cards : 0) / slots)
    const shown = new Intl.NumberFormat(`${form.dataset.numbers}-u-nu-latn`)
    words.textContent = words.dataset.words.replace('{cards}', shown.format(cards))
      .replace('{sheets}', shown.format(sheets))
      .replace('{free}', shown.format(cards ? sheets * slots - start - cards : 0))
  }

  if (form) {
    form.addEventListener('input', () => { fit(); draw() })
    form.querySelector('.drawing').addEventListener('click', event => {
      const slot = event.target.closest('[data-slot]')
      if (!slot) return
      skip.value = slot.dataset.slot
      draw()
    })
    form.addEventListener('submit', () => { busy.textContent = busy.dataset.words })
    addEventListener('pageshow', () => { busy.textContent = '' })
    form.querySelector('.drawing').hidden = false
    fit()
    draw()
  }
}
