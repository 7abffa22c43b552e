import { lookup } from 'node:dns';
import { lookup as lookupAll } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { decodeSegment } from '../contract/path-segment.ts';
import type { SentRequest } from './exchange.ts';

/** The call, or the extension with all its calls, that a request is about. */
export interface RequestAddress {
  readonly user: string;
  readonly extension: string;
  readonly call: string | undefined;
}

export function addressOf({ path }: SentRequest): RequestAddress {
  const segments = path
    .slice(path.indexOf('/uapi/phoneCalls/'))
    .replace(/\?.*$/s, '')
    .replace(/\/$/, '')
    .split('/')
    .slice(3);
  const [user = '', extension = '', call] = segments.map((segment) => decodeSegment(segment) ?? segment);
  return { user, extension, call };
}

/**
 * Returns the base URL of a target, from what the user typed. A host with a port is read as an http URL.
 *
 * @throws Error with one line, if it is not an absolute http or https URL, or has a query, a fragment or credentials.
 */
export function baseUrlOf(text: string): string {
  const url = URL.parse(/^(?:[\w.-]+|\[[\da-f:]+\]):\d+(?:$|[/?#])/i.test(text) ? `http://${text}` : text);
  // Before anything else, so that no message repeats them.
  if (url !== null && `${url.username}${url.password}` !== '') {
    throw new Error(`The target has credentials in its URL: leave them out, and give the token in CONFORMANCE_TOKEN.`);
  }
  // An unset variable leaves http:///path, which a URL parser reads as the host path, or http://host:.
  const isCut = /^\s*(?:\w+:)?[/\\]{3}|^\s*(?:\w+:\/\/)?[^/?#]*:(?:$|[/?#](?!\/))/.test(text);
  if (url === null || !/^https?:$/.test(url.protocol) || isCut) {
    throw new Error(`The target ${text} is no URL: expected one like http://127.0.0.1:4010 or https://host/path.`);
  }
  const surplus = url.search !== '' ? 'a query' : url.hash !== '' ? 'a fragment' : undefined;
  if (surplus !== undefined) throw new Error(`The target ${text} has ${surplus}: leave it out.`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

const ownAddresses = new BlockList();
ownAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
ownAddresses.addAddress('::1', 'ipv6');

/** Returns the addresses of a name, or throws if it has none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const resolveName: Resolve = async (name) => (await lookupAll(name, { all: true })).map(({ address }) => address);

/** Tells whether the host of a URL is called like this machine. Such a name, `pbx.localhost` say, may lead elsewhere. */
export function hasLoopbackName(url: string): boolean {
  const host = hostOf(url);
  return isIP(host) === 0 ? /^(?:.+\.)?localhost$/.test(host) : isOwnAddress(host);
}

/**
 * Resolves with whether a URL leads to this machine, where no telephone can ring: it is called so, and all its addresses
 * are loopback ones. A name without an address leads nowhere, so that it counts as called.
 */
export async function isLoopback(url: string, resolve = resolveName): Promise<boolean> {
  const host = hostOf(url);
  if (!hasLoopbackName(url) || isIP(host) !== 0) return hasLoopbackName(url);
  const addresses = await resolve(host).catch(() => []);
  return addresses.every(isOwnAddress);
}

/** Resolves a name for a connection, and fails if that would leave this machine, whatever the name led to before. */
export const lookupLoopback = loopbackOnly(lookup as LookupFunction);

/** Returns a lookup that fails where another one finds an address of another machine. */
export function loopbackOnly(find: LookupFunction): LookupFunction {
  return (name, options, callback) => {
    find(name, options, (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address);
      const other = addresses.find((address) => !isOwnAddress(address));
      if (error !== null || other === undefined) callback(error, found, family);
      else callback(new Error(`the name ${name} leads to ${other} now, which is another machine`), '');
    });
  };
}

function isOwnAddress(address: string): boolean {
  return ownAddresses.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Returns the host of a URL, an address of version 6 without its brackets. */
function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '');
}
