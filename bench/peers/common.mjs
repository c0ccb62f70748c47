// What the peers have in common: the same load, the same clock, the same rules as Turnout's own measurement.
// A peer is { open(), enqueue(session, n), enqueueMany(jobs), work(handler, waiting), settled(), close() };
// enqueue resolves after its commit, work calls handler(n) when a job starts, settled() counts what has ended in the database.

import { readFileSync } from 'node:fs'

export const TEXT = 'What is the state of the order 4711, and when will the parts for the second machine be here? Answer short.'

const now = () => Number(process.hrtime.bigint()) / 1e6
const random = (count) => 1 + Math.floor(Math.random() * count)

function percentile(values, share) {
  const sorted = Float64Array.from(values).sort()
  return sorted.length === 0 ? null : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
}

// Processor time in microseconds: this process, and the database server with its children where it runs here.
function processor({ postmaster }) {
  const { user, system } = process.cpuUsage()
  return user + system + (postmaster ? ofTree(postmaster) : 0)
}

function ofTree(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) // utime, stime, cutime, cstime
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    return children.reduce((sum, child) => sum + ofTree(child), ticks * 10_000)
  } catch {
    return 0 // It has ended.
  }
}

function report(figures) {
  console.log(JSON.stringify(figures))
}

// `clients` callers, each with one call under way.
async function enqueue(peer, options) {
  const { clients, seconds, sessions } = options
  let count = 0
  const latencies = []
  const load = async (until, record) => {
    const caller = async () => {
      while (now() < until) {
        const before = now()
        await peer.enqueue(random(sessions), 0)
        if (record) {
          latencies.push(now() - before)
          count++
        }
      }
    }
    await Promise.all(Array.from({ length: clients }, caller))
  }
  await load(now() + 1000, false)
  const start = now()
  const used = processor(options)
  await load(start + seconds * 1000, true)
  const elapsed = (now() - start) / 1000
  report({ microsEach: (processor(options) - used) / count, perSecond: count / elapsed, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) })
}

// `clients` callers; each submits its next turn when its last one has started. Ends when all are settled.
async function turns(peer, options) {
  const { clients, seconds, sessions } = options
  const starts = new Map()
  let next = 0
  await peer.work((n) => {
    const started = starts.get(n)
    starts.delete(n)
    started?.()
  }, 0)
  const load = async (until) => {
    const caller = async () => {
      while (now() < until) {
        const n = ++next
        const started = new Promise((resolve) => starts.set(n, resolve))
        await peer.enqueue(random(sessions), n)
        await started
      }
    }
    await Promise.all(Array.from({ length: clients }, caller))
    while ((await peer.settled()) < next) await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await load(now() + 1000)
  const before = next
  const start = now()
  const used = processor(options)
  await load(start + seconds * 1000)
  report({ microsEach: (processor(options) - used) / (next - before), perSecond: (next - before) / ((now() - start) / 1000) })
}

// So many wait; how fast do the first `drain` of them go? Cut after `seconds`.
async function backlog(peer, options) {
  const { waiting, drain, seconds, sessions } = options
  let started = 0
  for (let i = 0; i < waiting + drain; i += 1000) {
    await peer.enqueueMany(Array.from({ length: Math.min(1000, waiting + drain - i) }, (_, k) => ({ session: random(sessions), n: i + k })))
  }
  await peer.settle?.()
  const base = await peer.settled()
  const start = now()
  const used = processor(options)
  await peer.work(() => { started++ }, waiting)
  const until = start + seconds * 1000
  while (started < drain && now() < until) await new Promise((resolve) => setTimeout(resolve, 2))
  const elapsed = (now() - start) / 1000
  const done = Math.max(await peer.settled() - base, started)
  report({ microsEach: (processor(options) - used) / done, perSecond: done / elapsed, cut: started < drain ? 1 : 0 })
}

// One turn at a time, on an idle session: from the call until the handler runs.
async function latency(peer, { samples, sessions }) {
  let started = () => {}
  await peer.work(() => started(now()), 0)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const latencies = []
  for (let i = -50; i < samples; i++) {
    const before = now()
    const at = new Promise((resolve) => { started = resolve })
    await peer.enqueue(random(sessions), i)
    const took = (await at) - before
    if (i >= 0) latencies.push(took)
    await new Promise((resolve) => setTimeout(resolve, 2 + Math.random() * 3))
  }
  report({ p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) })
}

export async function main(peer) {
  const [mode, ...rest] = process.argv.slice(2)
  const options = Object.fromEntries(rest.map((arg) => arg.replace(/^--/, '').split('=')).map(([key, value]) => [key, Number(value)]))
  await peer.open(mode, options)
  await { enqueue, turns, backlog, latency }[mode](peer, options)
  await Promise.race([peer.close(), new Promise((resolve) => setTimeout(resolve, 3000))])
  process.exit(0)
}
