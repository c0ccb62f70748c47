// pg-boss with the policy `key_strict_fifo`: jobs with one singleton key run one after the other, in order.
import { PgBoss } from 'pg-boss'
import { main, TEXT } from './common.mjs'

const QUEUE = 'turn'
let boss
let stopped = false
let done = 0
const loops = []

async function open(mode) {
  boss = new PgBoss({
    host: process.env.PGHOST,
    port: Number(process.env.PGPORT),
    database: process.env.PGDATABASE,
    user: process.env.PGUSER,
    password: process.env.PGPASSWORD,
    max: 32,
    useListenNotify: mode === 'latency',
    supervise: false,
    schedule: false,
  })
  boss.on('error', () => {})
  await boss.start()
  await boss.deleteQueue(QUEUE).catch(() => {})
  await boss.createQueue(QUEUE, { policy: 'key_strict_fifo', notify: mode === 'latency' })
  return mode
}

let mode
await main({
  async open(asked) {
    mode = await open(asked)
  },
  enqueue: (session, n) => boss.send(QUEUE, { n, text: TEXT }, { singletonKey: `s${session}` }),
  enqueueMany: (jobs) => boss.insert(QUEUE, jobs.map(({ session, n }) => ({ data: { n, text: TEXT }, singletonKey: `s${session}` }))),
  settle: () => boss.getDb().executeSql('analyze pgboss.job'),
  async work(handler) {
    if (mode === 'latency') {
      await boss.work(QUEUE, { notifyPollingIntervalSeconds: 5, pollingIntervalSeconds: 0.5 }, async ([job]) => handler(job.data.n))
      return
    }
    // Its own workers poll; fetching without pause in two loops is the fastest way to use it.
    const loop = async () => {
      while (!stopped) {
        const jobs = await boss.fetch(QUEUE, { batchSize: 500 })
        if (jobs.length === 0) {
          await new Promise((resolve) => setTimeout(resolve, 1))
          continue
        }
        for (const job of jobs) handler(job.data.n)
        await boss.complete(QUEUE, jobs.map((job) => job.id))
        done += jobs.length
      }
    }
    loops.push(loop().catch(() => {}), loop().catch(() => {}))
  },
  settled: async () => done,
  async close() {
    stopped = true
    await Promise.all(loops)
    await boss.stop({ graceful: false })
  },
})
