// graphile-worker with `queueName`: jobs of one named queue run one after the other.
import { Logger, makeWorkerUtils, run, runMigrations } from 'graphile-worker'
import pg from 'pg'
import { main, TEXT } from './common.mjs'

const logger = new Logger(() => () => {})
const pool = new pg.Pool({ max: 32 })
pool.on('error', () => {})
let utils
let runner
let low = false

await main({
  async open(mode) {
    low = mode === 'latency'
    await runMigrations({ pgPool: pool, logger })
    await pool.query('truncate graphile_worker._private_jobs, graphile_worker._private_job_queues restart identity')
    utils = await makeWorkerUtils({ pgPool: pool, logger })
  },
  enqueue: (session, n) => utils.addJob('turn', { n, text: TEXT }, { queueName: `s${session}` }),
  enqueueMany: (jobs) =>
    utils.addJobs(jobs.map(({ session, n }) => ({ identifier: 'turn', payload: { n, text: TEXT }, queueName: `s${session}` }))),
  settle: () => pool.query('vacuum analyze graphile_worker._private_jobs, graphile_worker._private_job_queues'),
  async work(handler) {
    // As its documentation advises: a local queue and batched completion for throughput, neither for latency.
    const throughput = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 }
    runner = await run({
      pgPool: pool,
      logger,
      noHandleSignals: true,
      taskList: { turn: async (payload) => handler(payload.n) },
      preset: { worker: { concurrentJobs: 64, ...(low ? {} : throughput) } },
    })
  },
  async settled() {
    // Jobs are deleted when they are done; the sequence of their ids says how many there were.
    const { rows } = await pool.query(
      `select coalesce(pg_sequence_last_value(pg_get_serial_sequence('graphile_worker._private_jobs', 'id')::regclass), 0) as made,
         (select count(*) from graphile_worker._private_jobs) as left`)
    return Number(rows[0].made) - Number(rows[0].left)
  },
  async close() {
    await runner?.stop()
    await pool.end()
  },
})
