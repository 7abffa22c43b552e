/**
 * Holds what depends neither on a framework nor on a decision about calls: options, sockets, the page's error codes, and which
 * part of an address cannot be decoded. Parsing, checks and parties are written anew in each server, so that none copies another.
 */
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Running = { url: string; close(): Promise<void> };

/** Describes the options of all servers. Each server knows those that its variants use. */
export type Options = {
  token: string;
  /** Leaves the framework's own error answers in place, which is a mistake. */
  plainErrors?: boolean;
  /** Leaves the coercion of Fastify's validator switched on, which is a mistake. */
  coerced?: boolean;
  partiesChecked?: boolean;
  noNumberTwice?: boolean;
  oneTransferOnly?: boolean;
  callEnds?: boolean;
  calledByOther?: boolean;
  plusRefused?: boolean;
  unknownExtensionsRefused?: boolean;
  bodyLimit?: number;
  urlLimit?: number;
  headerLimit?: number;
  firewall?: boolean;
  busyAbove?: number;
  readsLate?: number;
  entry?: boolean;
  http2?: boolean;
};

/** Describes a transfer whose members have passed their checks. */
export type Transfer = { sendCallTo: string; transferFromNumber: string; transferNumber?: string };

/** The members of a transfer that are numbers. */
export const numberNames = ['sendCallTo', 'transferFromNumber', 'transferNumber'] as const;

/** Maps the names of parameters to the codes that the page documents, in the order of the path. */
export const codes: Record<string, string> = {
  userId: 'user_invalid',
  extension: 'extension_invalid',
  phoneCallId: 'pc_phoncall_invalid',
  sendCallTo: 'pc_sendcallto_invalid',
  transferFromNumber: 'pc_transfer_from_number_invalid',
  transferNumber: 'pc_transfer_number_invalid',
};

/** Returns the code for a path with a part that cannot be decoded; undefined if all can be. */
export function codeOfUndecodable(url: string): string | undefined {
  const parts = url.split('?')[0].split('/').slice(3);
  const index = parts.findIndex((part) => {
    try {
      return decodeURIComponent(part) === undefined;
    } catch {
      return true;
    }
  });
  return Object.values(codes)[index];
}

/** Answers a request that Node cannot parse, and ends the connection. */
export function answerUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const body = JSON.stringify({ error: { code: 'request_unreadable', message: 'The request cannot be read.' } });
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
}

/** Listens on a free port of the loopback interface. */
export async function listen(server: Server, beforeClose = () => {}): Promise<Running> {
  server.on('clientError', answerUnreadable);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    beforeClose();
    server.closeAllConnections?.();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
