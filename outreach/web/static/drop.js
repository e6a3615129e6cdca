// Files dropped on the page, or chosen, are sent one after the other, each with how far it is; then their page opens.
'use strict'
{
  const form = document.querySelector('.drop')
  const words = form.dataset
  const [files, list] = [form.querySelector('[type=file]'), form.querySelector('.going')]
  let batch = ''
  let busy = false

  function row(name) {
    const [line, title, far] = ['li', 'bdi', 'progress'].map(tag => document.createElement(tag))
    title.textContent = name
    far.className = 'far'
    far.max = 1
    far.value = 0
    far.setAttribute('aria-label', name)
    line.append(title, far)
    list.append(line)
    const say = sentence => {
      far.remove()
      line.append(' ', sentence)
    }
    return { far, say }
  }

  function send(file) {
    const { far, say } = row(file.name)
    if (file.size > Number(words.most)) {
      say(words.large)
      return false
    }
    const body = new FormData()
    body.append('batch', batch)
    body.append('files', file)
    return new Promise(done => {
      const request = new XMLHttpRequest()
      request.upload.addEventListener('progress', event => { if (event.lengthComputable) far.value = event.loaded / event.total })
      request.addEventListener('load', () => {
        // Locked meanwhile: the page loaded again asks for the words.
        if (request.status === 423) return location.reload()
        let answer = null
        try {
          answer = JSON.parse(request.responseText)
        } catch {
          // No answer of ours: the file counts as not sent, and sending it again adds nothing twice.
        }
        if (request.status !== 200 || !answer) say(answer?.sentence ?? words.lost)
        else batch = answer.batch
        done(request.status === 200)
      })
      request.addEventListener('error', () => done(say(words.lost) ?? false))
      request.open('POST', form.action)
      request.setRequestHeader('Accept', 'application/json')
      request.send(body)
    })
  }

  async function sendAll(chosen) {
    if (busy || !chosen.length) return
    busy = true
    list.replaceChildren()
    batch = ''
    let every = true
    for (const file of chosen) every = (await send(file)) && every
    busy = false
    files.value = ''
    if (!batch) return
    const page = words.page.replace('BATCH', batch)
    if (every) return location.assign(page)
    const [line, link] = ['li', 'a'].map(tag => document.createElement(tag))
    link.href = page
    link.textContent = words.see
    line.append(link)
    list.append(line)
    link.focus()
  }

  form.addEventListener('submit', event => {
    event.preventDefault()
    sendAll([...files.files])
  })
  // A file let fall beside the form would be opened by the browser, and the page be gone.
  for (const kind of ['dragover', 'drop']) document.addEventListener(kind, event => event.preventDefault())
  document.addEventListener('dragover', () => form.classList.add('over'))
  document.addEventListener('dragleave', event => { if (!event.relatedTarget) form.classList.remove('over') })
  document.addEventListener('drop', event => {
    form.classList.remove('over')
    sendAll([...event.dataTransfer.files])
  })
}
