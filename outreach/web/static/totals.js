// Keeps the month and the two days of a question from contradicting each other: the one touched last counts.
'use strict'
{
  const [period, from, to] = ['period', 'from', 'to'].map(id => document.getElementById(id))
  period.addEventListener('change', () => {
    if (period.value) from.value = to.value = ''
    else from.focus()
  })
  for (const day of [from, to]) day.addEventListener('change', () => { if (day.value) period.value = '' })
}
