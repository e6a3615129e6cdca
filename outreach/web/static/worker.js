// Keeps the language that was opened, whole, and answers from what is kept; so every page of it opens without a network.
// `outreach publish` writes in front of this where each language's list of what belongs to it lies; the list's name
// changes with what it names.
/* global KEPT */
'use strict'
const root = new URL('./', self.location)
const NAME = `guide:${root.pathname}` // a host may hold two publications; neither touches what the other keeps
const DONE = new URL('kept', root).href
const under = path => new URL(path, root).href
const cacheOf = tag => `${NAME} ${tag} ${KEPT[tag]}`
const keeping = new Map()

self.addEventListener('install', () => self.skipWaiting())

self.addEventListener('activate', event => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith(NAME + ' ') && !(name.split(' ')[1] in KEPT)) await caches.delete(name)
  }
  await self.clients.claim()
})()))

// A page says which language it is in.
self.addEventListener('message', event => {
  const tag = event.data
  if (!(tag in KEPT)) return
  if (!keeping.has(tag)) keeping.set(tag, keep(tag).catch(() => {}).finally(() => keeping.delete(tag)))
  event.waitUntil(keeping.get(tag))
})

async function keep (tag) {
  const name = cacheOf(tag)
  if (await (await caches.open(name)).match(DONE)) return
  // Everything is here before anything is kept: what was kept before stays until then.
  const { pack, plain, files } = await (await fetched(KEPT[tag])).json()
  const pages = whole(await unpack(await fetched(self.DecompressionStream ? pack : plain)))
  const rest = await Promise.all(files.map(async path => [path, await fetched(path)]))
  const cache = await caches.open(name)
  for (const [path, answer] of rest) await cache.put(under(path), answer)
  for (const [path, html] of Object.entries(pages)) {
    await cache.put(under(path), new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } }))
  }
  await cache.put(DONE, new Response('done'))
  for (const old of await caches.keys()) {
    if (old.startsWith(`${NAME} ${tag} `) && old !== name) await caches.delete(old)
  }
}

async function fetched (path) {
  const answer = await fetch(under(path))
  if (!answer.ok) throw new Error(path)
  return answer
}

// All pages of a language in one packed file: one request, and small also where the host packs nothing.
async function unpack (answer) {
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b
  const stream = new Response(bytes).body
  return new Response(packed ? stream.pipeThrough(new DecompressionStream('gzip')) : stream).json()
}

// A line that stood on an earlier page is packed as its number among all different lines so far.
function whole (packed) {
  const known = []
  const line = each => typeof each === 'number' ? known[each] : known[known.push(each) - 1]
  return Object.fromEntries(Object.entries(packed).map(([path, lines]) => [path, lines.map(line).join('\n')]))
}

self.addEventListener('fetch', event => {
  const url = new URL(event.request.url)
  if (event.request.method === 'GET' && url.href.startsWith(root.href)) event.respondWith(answer(event.request, url))
})

async function answer (request, url) {
  url.search = url.hash = ''
  if (url.pathname.endsWith('/')) url.pathname += 'index.html'
  // Some hosts take the ending off a page's address.
  const names = request.mode === 'navigate' && !url.pathname.endsWith('.html') ? [url.href, url.href + '.html'] : [url.href]
  for (const name of names) {
    const hit = await caches.match(name)
    if (hit) return hit
  }
  return fetch(request)
}
