// The generated client against a running Turnout, whose address and key are in the environment.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { Configuration, ResponseError, SessionsApi, TurnsApi } from "../target/typescript";

const configuration = new Configuration({
  basePath: process.env.TURNOUT_URL,
  accessToken: process.env.TURNOUT_KEY,
});
const turns = new TurnsApi(configuration);
const session = `sdk:${randomUUID()}`;

async function smoke(): Promise<void> {
  const turn = await turns.submitTurn({
    key: session,
    submitTurn: { input: { text: "Hello from TypeScript" } },
    prefer: "wait=30",
    idempotencyKey: randomUUID(),
  });
  assert.equal(turn.state, "succeeded");
  assert.match(turn.answer?.text ?? "", /Hello from TypeScript/);
  assert.ok(turn.createdAt instanceof Date);

  const page = await new SessionsApi(configuration).listSessionTurns({ key: session });
  assert.deepEqual(page.items.map((t) => t.id), [turn.id]);

  const refused = await turns.getTurn({ id: randomUUID() }).catch((error: unknown) => error);
  assert.ok(refused instanceof ResponseError);
  assert.equal(refused.response.status, 404);
  assert.equal((await refused.response.json()).code, "turn_not_found");
  console.log("the TypeScript client works");
}

smoke().catch((error) => {
  console.error(error);
  process.exit(1);
});
