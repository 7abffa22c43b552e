import { generate, type SelfsignedOptions } from 'selfsigned';

/** A certificate and its key, as PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

/** An authority that is not trusted by default, and the certificates that it issued. */
export interface Certificates {
  /** The certificate of the authority. */
  readonly ca: string;
  /** For the names of this machine, and for `pbx.example`. */
  readonly server: KeyPair;
  /** The server's, of a time that is over, and of one that has not begun. */
  readonly expired: KeyPair;
  readonly early: KeyPair;
  readonly client: KeyPair;
  /** The client's, with the key encrypted. */
  readonly clientWithPassphrase: KeyPair;
}

/** The passphrase of the key of {@link Certificates.clientWithPassphrase}. */
export const passphrase = 'open, sesame';

const strength = { keyType: 'ec', algorithm: 'sha256' } as const;

/** Makes an authority and issues certificates. */
export async function makeCertificates(): Promise<Certificates> {
  const authority = await issue('authority', {
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
    ],
  });
  const ca = { cert: authority.cert, key: authority.key };
  const server: SelfsignedOptions = {
    ca,
    extensions: [
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'pbx.example' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  };
  const [past, future] = [new Date('2001-01-01'), new Date(Date.now() + 1e10)];
  return {
    ca: authority.cert,
    server: await issue('server', server),
    expired: await issue('server', { ...server, notBeforeDate: past, notAfterDate: new Date('2002-01-01') }),
    early: await issue('server', { ...server, notBeforeDate: future, notAfterDate: new Date(Date.now() + 2e10) }),
    client: await issue('client', { ca, extensions: [{ name: 'extKeyUsage', clientAuth: true }] }),
    clientWithPassphrase: await issue('client', {
      ca,
      passphrase,
      extensions: [{ name: 'extKeyUsage', clientAuth: true }],
    }),
  };
}

async function issue(name: string, options: SelfsignedOptions): Promise<KeyPair> {
  const made = await generate([{ name: 'commonName', value: name }], { ...strength, ...options });
  return { cert: made.cert, key: made.private };
}
