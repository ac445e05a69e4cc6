import type { Duplex } from 'node:stream';
import { constants, createDeflate, createInflate } from 'node:zlib';

/** One stream of a connection, as the side that was asked for it sees it. */
export interface SpdyStream {
  readonly headers: ReadonlyMap<string, string>;
  /** All that came, once the other side has said that no more comes. */
  readonly received: Promise<Buffer>;
  write(data: Buffer): void;
  end(): void;
}

const type = { synStream: 1, synReply: 2, ping: 6 } as const;
const fin = 1;

/**
 * The part of SPDY/3.1 by which kube-apiserver opens streams at a kubelet: it opens them, we answer. There is no flow control in it, as
 * Kubernetes' own implementation has none.
 *
 * @see https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/
 */
export function acceptSpdy(socket: Duplex, head: Buffer, onStream: (stream: SpdyStream) => void): void {
  const inflate = codec(createInflate({ dictionary, flush: constants.Z_SYNC_FLUSH }));
  const deflate = codec(createDeflate({ dictionary, flush: constants.Z_SYNC_FLUSH }));
  const streams = new Map<number, { take(data: Buffer): void; end(): void }>();
  let rest = Buffer.alloc(0);
  // One header block after the other: each goes on with the dictionary of the one before.
  let turn = Promise.resolve();

  const control = (kind: number, flags: number, payload: Buffer) => {
    const frame = Buffer.alloc(8);
    frame.writeUInt16BE(0x8003, 0);
    frame.writeUInt16BE(kind, 2);
    frame.writeUInt32BE(flags * 2 ** 24 + payload.length, 4);
    socket.write(Buffer.concat([frame, payload]));
  };
  const data = (id: number, flags: number, payload: Buffer) => {
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(id, 0);
    frame.writeUInt32BE(flags * 2 ** 24 + payload.length, 4);
    if (socket.writable) socket.write(Buffer.concat([frame, payload]));
  };
  const opened = async (flags: number, payload: Buffer) => {
    const id = payload.readUInt32BE(0);
    const headers = readHeaders(await inflate(payload.subarray(10)));
    const reply = await deflate(Buffer.alloc(4));
    control(type.synReply, 0, Buffer.concat([payload.subarray(0, 4), reply]));
    const pieces: Buffer[] = [];
    const all = Promise.withResolvers<Buffer>();
    const end = () => all.resolve(Buffer.concat(pieces));
    streams.set(id, { take: (piece) => void pieces.push(piece), end });
    if (flags & fin) end();
    onStream({
      headers,
      received: all.promise,
      write: (bytes) => data(id, 0, bytes),
      end: () => data(id, fin, Buffer.alloc(0)),
    });
  };
  const onFrame = async (frame: Buffer): Promise<void> => {
    const flags = frame.readUInt8(4);
    const payload = frame.subarray(8);
    if ((frame.readUInt8(0) & 0x80) === 0) {
      const stream = streams.get(frame.readUInt32BE(0));
      stream?.take(payload);
      if (flags & fin) stream?.end();
      return;
    }
    const kind = frame.readUInt16BE(2);
    if (kind === type.synStream) await opened(flags, payload);
    else if (kind === type.ping) control(type.ping, 0, payload);
  };
  const onBytes = (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (;;) {
      if (rest.length < 8) return;
      const length = 8 + (rest.readUInt32BE(4) % 2 ** 24);
      if (rest.length < length) return;
      const frame = rest.subarray(0, length);
      rest = rest.subarray(length);
      turn = turn.then(() => onFrame(frame));
    }
  };
  socket.on('error', () => undefined);
  socket.on('data', onBytes);
  onBytes(head);
}

/** Hands one block after the other through a stream of zlib. */
function codec(stream: ReturnType<typeof createInflate> | ReturnType<typeof createDeflate>) {
  const out: Buffer[] = [];
  stream.on('data', (piece: Buffer) => out.push(piece));
  return (block: Buffer): Promise<Buffer> =>
    new Promise((resolve) => {
      stream.write(block, () =>
        stream.flush(constants.Z_SYNC_FLUSH, () => resolve(Buffer.concat(out.splice(0)))),
      );
    });
}

function readHeaders(block: Buffer): ReadonlyMap<string, string> {
  let at = 4;
  const next = () => {
    const length = block.readUInt32BE(at);
    const text = block.toString('utf8', at + 4, at + 4 + length);
    at += 4 + length;
    return text;
  };
  return new Map(
    Array.from({ length: block.readUInt32BE(0) }, () => [next().toLowerCase(), next()] as const),
  );
}

/** The dictionary that both sides begin with: names and values that were common then. Its checksum is 0xe3c6a7c2. */
const dictionary = Buffer.concat([
  ...[
    ...'options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status'.split(
      ' ',
    ),
    '200 OK',
    'version',
    'HTTP/1.1',
    ...'url public set-cookie keep-alive origin'.split(' '),
  ].map((word) => Buffer.concat([Buffer.of(0, 0, 0, word.length), Buffer.from(word)])),
  Buffer.from(
    [
      '100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505',
      '203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized',
      '403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable',
      'Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT',
      'chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,',
      'text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.',
    ].join(''),
  ),
]);
