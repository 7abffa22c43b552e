/** A live call, as the switchboard holds it. */
export interface Call {
  readonly id: string;
  readonly extension: string;
  readonly legId: string;
  readonly callerId: string;
  readonly published: string;
  readonly answered: string;
  readonly source: readonly string[];
  destination: readonly string[];
}

/** The users, extensions and live calls of one installation. */
export interface Switchboard {
  readonly userIds: readonly string[];
  readonly extensions: readonly string[];
  readonly calls: readonly Call[];
}

/** A switchboard as it is before the first transfer. */
export function newSwitchboard(): Switchboard {
  return {
    userIds: ['12'],
    extensions: ['0003*210', '0003*211', '0003*024', '0003*100'],
    calls: [
      {
        id: 'b817d2618fe6f1804333',
        extension: '0003*210',
        legId: '01',
        callerId: 'John Doe <0003*210>',
        published: '2012-06-27T16:08:50+02:00',
        answered: '2012-06-27T16:08:55+03:00',
        source: ['0003*210'],
        destination: ['0003*024'],
      },
      {
        id: 'c4d90aa1b7e25f604418',
        extension: '0003*210',
        legId: '02',
        callerId: 'Jane Roe <4155550100>',
        published: '2012-06-27T16:10:12Z',
        answered: '2012-06-27T16:10:21Z',
        source: ['0003*210'],
        destination: ['4155550100'],
      },
      {
        id: '9f3e51d07ab8426c1177',
        extension: '0003*211',
        legId: '03',
        callerId: 'Richard Miles <4155550101>',
        published: '2012-06-27T16:12:00Z',
        answered: '2012-06-27T16:12:08Z',
        source: ['4155550101'],
        destination: ['0003*211'],
      },
    ],
  };
}
