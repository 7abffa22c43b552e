import { lookup } from 'node:dns';
import { lookup as lookupAll } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';

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
