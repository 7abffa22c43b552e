// Generated from the contract by `npm run generate`; do not change it by hand.
export type { AccessDenied, ErrorResponse, InvalidPath, InvalidRequest, Link, NotImplemented, PhoneCall, PhoneCallAction, PhoneCallList, PhoneCallView, ServerFailed } from '../types.ts';
