import { BlockList, isIP } from 'node:net';
import process from 'node:process';
import { isLoopback } from '../target/target.ts';
import { InputError } from '../contract/input-error.ts';

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The URL of the proxy that the environment names for a server, or undefined if requests go straight to it. Variables
 * in lower case win, as they do with curl. This machine is never asked through a proxy.
 *
 * @throws InputError if the variable holds no URL of a proxy; its text is not repeated, since it may hold a password.
 */
export function proxyFor(url: string, environment: Environment = process.env): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  if (isLoopback(url) || isExcepted(hostname, port || defaultPorts[protocol], environment)) return undefined;
  const names = [`${protocol.slice(0, -1)}_proxy`, `${protocol.slice(0, -1)}_PROXY`.toUpperCase()];
  const name = names.find((each) => (environment[each] ?? '') !== '');
  if (name === undefined) return undefined;
  const text = environment[name] ?? '';
  const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (proxy !== null && /^https?:$/.test(proxy.protocol)) return proxy.href;
  throw new InputError(`${name} names no proxy: expected a URL like http://proxy.example.com:3128.`);
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

function isExcepted(hostname: string, port: string | undefined, environment: Environment): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const entries = (environment.no_proxy ?? environment.NO_PROXY ?? '').toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => entry !== '' && covers(entry, host, port));
}

/** Whether an entry of NO_PROXY is about a host: a name with all below it, an address, a network, or everything. */
function covers(entry: string, host: string, port: string | undefined): boolean {
  if (entry === '*') return true;
  const [network = '', bits] = entry.split('/');
  if (bits !== undefined) return isWithin(host, network, Number(bits));
  const { name = '', ownPort } = /^\[?(?<name>.+?)\]?(?::(?<ownPort>\d+))?$/.exec(entry)?.groups ?? {};
  if (isIP(entry) !== 0) return host === entry;
  const domain = name.replace(/^\*?\./, '');
  return (ownPort === undefined || ownPort === port) && (host === domain || host.endsWith(`.${domain}`));
}

function isWithin(address: string, network: string, bits: number): boolean {
  const family = isIP(network);
  if (family === 0 || isIP(address) !== family || !(bits >= 0 && bits <= (family === 4 ? 32 : 128))) return false;
  const addresses = new BlockList();
  addresses.addSubnet(network, bits, family === 4 ? 'ipv4' : 'ipv6');
  return addresses.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
