import type { Socket } from 'node:net';
import { DrawbridgeError } from '@drawbridge/kit';
import type { Channel } from './channel.ts';

/** The two streams of one forwarded port. */
const data = 0;
const errors = 1;
/** The protocol cannot end one direction alone: who has said all gets what still comes, until nothing did for so long. */
const lingerMs = 5_000;

/**
 * Copies between a connection and the streams of a pod's port, as fast as the slower side takes it.
 *
 * @throws {DrawbridgeError} what opening throws; `unreachable` where the pod refused, or the streams broke
 */
export async function carry(
  socket: Socket,
  port: number,
  open: (onMessage: (stream: number, data: Buffer) => void) => Promise<Channel>,
): Promise<void> {
  let channel: Channel | undefined;
  let refusal = '';
  let linger: NodeJS.Timeout | undefined;
  const isFirst = [true, true];
  const idle = () => {
    if (!socket.readableEnded) return;
    clearTimeout(linger);
    linger = setTimeout(() => channel?.close(), lingerMs);
  };
  const onMessage = (stream: number, bytes: Buffer) => {
    if (stream !== data && stream !== errors) return;
    // Either stream begins with the number of the port, two bytes.
    const payload = isFirst[stream] ? bytes.subarray(2) : bytes;
    isFirst[stream] = false;
    if (stream === errors) {
      refusal = (refusal + payload.toString('utf8')).slice(0, 1_000);
      if (refusal !== '') channel?.close();
      return;
    }
    idle();
    if (payload.length > 0 && socket.writable && !socket.write(payload)) channel?.pause();
  };
  channel = await open(onMessage);
  const { send, close, resume } = channel;
  // It may have been refused before we had the channel in hands.
  if (refusal !== '') close();
  socket.on('drain', resume);
  socket.once('close', close);
  socket.on('end', idle);
  socket.on('data', (chunk: Buffer) => {
    socket.pause();
    // A failure ends the streams, which tell it.
    send(data, chunk).then(
      () => socket.resume(),
      () => close(),
    );
  });
  socket.resume();
  const broken = await channel.over;
  clearTimeout(linger);
  if (refusal !== '')
    throw new DrawbridgeError('unreachable', {
      message: `The pod did not take the connection to port ${port}.`,
      saw: refusal,
    });
  if (broken && !socket.destroyed) throw broken;
  // What was received last has to leave before the connection is gone.
  if (!socket.destroyed)
    await new Promise<void>((resolve) => socket.end(resolve).once('close', () => resolve()));
}
