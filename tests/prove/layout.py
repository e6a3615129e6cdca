"""How a page lies on its screen: what is wider than it, cut off, sticks out of its box, or lies on other words."""

from __future__ import annotations

from typing import Any

OPENED = "document.querySelectorAll('details').forEach(each => { each.open = true })"
"""Folded words have to fit as well."""

WRONG = r"""() => {
  const screen = document.documentElement.clientWidth, found = new Set(), lines = []
  const named = node => {
    const { tagName, className } = node.parentElement
    return `<${tagName.toLowerCase()} ${className || ''}> ${node.nodeValue.trim().slice(0, 40)}`
  }
  const sideways = document.documentElement.scrollWidth
  if (sideways > screen) found.add(`scrolls sideways: ${sideways} px on ${screen}`)
  const around = []
  for (const each of document.querySelectorAll('body *')) {
    const style = getComputedStyle(each)
    around.push([each, {
      scrolls: /auto|scroll/.test(style.overflowX + style.overflowY),
      cuts: /hidden|clip/.test(style.overflowX + style.overflowY),
      boxed: style.display !== 'inline'
        && (parseFloat(style.borderInlineStartWidth) > 0 || style.backgroundColor !== 'rgba(0, 0, 0, 0)'),
      apart: /fixed|sticky|absolute/.test(style.position),
    }])
  }
  const about = new Map(around)
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode, parent = node.parentElement
    if (!node.nodeValue.trim() || parent.closest('svg, option, script, style, noscript, .unseen, .skip')) continue
    if (!parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const rects = [...range.getClientRects()].filter(each => each.width > 0.5 && each.height > 0.5)
    let scrolled = false, apart = false
    for (let box = parent; box && box !== document.body; box = box.parentElement) {
      const is = about.get(box)
      apart ||= is.apart
      if (!scrolled && (is.cuts || is.boxed) && !is.scrolls) {
        const edge = box.getBoundingClientRect()
        for (const rect of rects) {
          if (rect.left < edge.left - 1 || rect.right > edge.right + 1) {
            found.add(`${is.cuts ? 'cut off' : 'sticks out of its box'}: ${named(node)}`)
          }
          const below = rect.bottom > edge.bottom + 4 || rect.top < edge.top - 4
          if (is.cuts && below) found.add(`cut off: ${named(node)}`)
        }
      }
      scrolled ||= is.scrolls
    }
    if (!scrolled) {
      for (const rect of rects) {
        if (rect.left < -1 || rect.right > screen + 1) found.add(`off the screen: ${named(node)}`)
        if (!apart) lines.push([rect, node])
      }
    }
  }
  // Letters are as high as three quarters of their line or less; lines of one piece may touch.
  lines.sort((one, other) => one[0].top - other[0].top)
  for (let n = 0; n < lines.length; n++) {
    const [rect, node] = lines[n]
    for (let next = n + 1; next < lines.length && lines[next][0].top < rect.bottom; next++) {
      const [other, its] = lines[next]
      const across = Math.min(rect.right, other.right) - Math.max(rect.left, other.left)
      const down = rect.bottom - other.top - (rect.height + other.height) * .2
      if (node !== its && across > 3 && down > 2) found.add(`lies on other words: ${named(node)} | ${named(its)}`)
    }
  }
  return [...found]
}"""

BROKEN = r"""() => {
  const found = new Set(), range = document.createRange()
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const node = texts.currentNode, parent = node.parentElement
    if (parent.closest('svg, option, script, style, noscript, .unseen, .skip, .address, .typed, .six')) continue
    if (!parent.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
    for (const word of node.nodeValue.matchAll(/[\p{L}\p{M}]{9,}/gu)) {
      if (/[\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff\u3000-\u9fff]/.test(word[0])) continue
      range.setStart(node, word.index)
      range.setEnd(node, word.index + word[0].length)
      const tops = new Set([...range.getClientRects()].map(each => Math.round(each.top / 4)))
      if (tops.size > 1) found.add(`${word[0]} is broken`)
    }
  }
  return [...found]
}"""
"""Words that end in one line and go on in the next without a sign; Chinese, Khmer and Burmese may end anywhere."""


def wrong(page: Any) -> list[str]:
    """Everything that is wrong with how the open page lies on its screen, with all that folds unfolded."""
    page.evaluate(OPENED)
    return list(page.evaluate(WRONG))


def broken(page: Any) -> list[str]:
    """Words that are cut in two at the end of a line."""
    return list(page.evaluate(BROKEN))
