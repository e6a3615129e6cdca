// Asks the worker to keep this page's language for the time without a network.
'use strict'
{
  const worker = navigator.serviceWorker
  const here = document.currentScript
  if (worker) {
    const ask = () => worker.controller?.postMessage(here.dataset.keep)
    worker.addEventListener('controllerchange', ask)
    worker.register(new URL('worker.js', here.src), { scope: new URL('.', here.src).pathname }).then(kept => {
      ask()
      // At once, not when the browser thinks of it: a visit may be short, and new words may matter.
      return kept.update()
    }).catch(() => {})
  }
}
