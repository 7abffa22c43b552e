import type { PhoneCall } from 'transfer-contract/types';

/** A live call of a very small telephone system. */
export interface LiveCall {
  readonly id: string;
  readonly extension: string;
  source: string;
  destination: string;
}

export const users = ['@me', '@viewer', '@owner', '12'];
export const extensions = ['@self', '0003*210', '0003*211', '0003*024', '0003*100'];

/** The calls that are live when the server starts. */
export function liveCalls(): LiveCall[] {
  return [
    { id: 'b817d2618fe6f1804333', extension: '0003*210', source: '0003*210', destination: '0003*024' },
    { id: 'c4d90aa1b7e25f604418', extension: '0003*210', source: '0003*210', destination: '4155550100' },
    { id: '9f3e51d07ab8426c1177', extension: '0003*211', source: '4155550101', destination: '0003*211' },
  ];
}

/** A call as a transfer returns it. */
export function summaryOf({ id, extension }: LiveCall): PhoneCall {
  return { id, extension, link: { self: `/uapi/phoneCalls/12/${extension}/${id}` } };
}

/** A call as it is read. */
export function detailsOf(call: LiveCall): PhoneCall {
  const { extension, source, destination } = call;
  return {
    ...summaryOf(call),
    phoneCallView: [{ id: '01', extension, status: 5, source: [source], destination: [destination] }],
  };
}
